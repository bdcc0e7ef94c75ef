package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import drover.engine.config.AccessLogFormat;
import drover.engine.http.Heads;
import drover.engine.http.Request;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A browser's request as a line of the access log. */
@State(Scope.Thread)
public class LogLineBenchmark {

    private static final long NOW_MILLIS = 1_790_000_000_250L;

    @Param
    private AccessLogFormat format = AccessLogFormat.COMBINED;

    private final Request request = Heads.request(Heads.BROWSER);
    private final byte[] client = "192.0.2.1".getBytes(US_ASCII);
    private LogLine line = new LogLine(format, 1);

    @Setup
    public void setUp() {
        line = new LogLine(format, 1);
    }

    @Benchmark
    public LogLine render() {
        line.render(client, "", 42, NOW_MILLIS, request, 200, 18_204, 61_500);
        return line;
    }
}
