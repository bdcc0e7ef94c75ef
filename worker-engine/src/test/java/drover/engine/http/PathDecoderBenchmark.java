package drover.engine.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From a request's path to a file's. */
@State(Scope.Thread)
public class PathDecoderBenchmark {

    private final byte[] plain = "/docs/guide/getting-started.html".getBytes(US_ASCII);
    private final byte[] encoded = "/docs/%E6%97%A5%E6%9C%AC/caf%C3%A9%20menu.html".getBytes(US_ASCII);
    private final byte[] out = new byte[RequestParser.MAX_REQUEST_LINE + 1];

    @Benchmark
    public int plain() {
        return PathDecoder.decode(plain, 0, plain.length, out);
    }

    @Benchmark
    public int encoded() {
        return PathDecoder.decode(encoded, 0, encoded.length, out);
    }
}
