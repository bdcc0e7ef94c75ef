package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import drover.engine.config.AccessLogConfig;
import drover.engine.config.AccessLogFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process that logs lines {@code NAME-NUMBER xxx…}, and says at last what became of them. */
final class LogWriter {

    private static final int BATCH = 250;

    private LogWriter() {}

    public static void main(String... arguments) throws IOException {
        var file = Path.of(arguments[0]);
        long rotateBytes = Long.parseLong(arguments[1]);
        var name = arguments[2];
        int count = Integer.parseInt(arguments[3]);
        var config = new AccessLogConfig(file, AccessLogFormat.COMBINED, rotateBytes, Duration.ZERO, 10_000);
        var flushed = new AccessLog.Flushed(0, 0, 0);
        try (var log = AccessLog.open(config, 1, () -> {})) {
            for (int i = 0; i < count; i++) {
                byte[] line = line(name, i).getBytes(US_ASCII);
                while (!log.ring(0).offer(line, line.length)) {
                    flushed = flushed.plus(log.flush());
                }
                if (i % BATCH == 0) {
                    flushed = flushed.plus(log.flush());
                }
            }
            flushed = flushed.plus(log.flushLast());
        }
        System.err.println(flushed);
    }

    static String line(String name, int number) {
        return name + "-" + number + " " + "x".repeat(1 + number % 200) + "\n";
    }
}
