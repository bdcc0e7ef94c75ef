package drover.engine.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** From bytes to a request. */
@State(Scope.Thread)
public class RequestParserBenchmark {

    private static final int PIPELINED = 16;

    private final byte[] browser = Heads.BROWSER.getBytes(US_ASCII);
    private final byte[] curl = Heads.CURL.getBytes(US_ASCII);
    private final byte[] pipeline = Heads.CURL.repeat(PIPELINED).getBytes(US_ASCII);
    private final RequestParser parser = new RequestParser();

    @Benchmark
    public Parsing browser() {
        parser.reset();
        return parser.feed(browser, 0, browser.length);
    }

    @Benchmark
    public Parsing curl() {
        parser.reset();
        return parser.feed(curl, 0, curl.length);
    }

    /** One of 16 that arrived together. */
    @Benchmark
    @OperationsPerInvocation(PIPELINED)
    public int pipelined() {
        int at = 0;
        while (at < pipeline.length) {
            parser.reset();
            at = ((Parsing.Complete) parser.feed(pipeline, at, pipeline.length)).end();
        }
        return at;
    }

    /** A browser's, in three pieces. */
    @Benchmark
    public Parsing split() {
        parser.reset();
        parser.feed(browser, 0, browser.length / 3);
        parser.feed(browser, 0, 2 * browser.length / 3);
        return parser.feed(browser, 0, browser.length);
    }
}
