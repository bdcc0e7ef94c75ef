package drover.engine.http;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Which codings a client takes. */
@State(Scope.Thread)
public class AcceptEncodingBenchmark {

    private final Request browser = Heads.request(Heads.BROWSER);
    private final Request weighted = Heads.request(
            "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br;q=1.0, gzip;q=0.8, zstd;q=0.85, *;q=0.1\r\n\r\n");
    private final Request without = Heads.request(Heads.CURL);

    @Benchmark
    public AcceptEncoding browser() {
        return AcceptEncoding.of(browser);
    }

    @Benchmark
    public AcceptEncoding weighted() {
        return AcceptEncoding.of(weighted);
    }

    @Benchmark
    public AcceptEncoding without() {
        return AcceptEncoding.of(without);
    }
}
