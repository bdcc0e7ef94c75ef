package drover.engine.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how requests are logged.
 *
 * @param file absolute, or {@code -} for standard output
 * @param rotateBytes no rotated file is longer, unless one batch is; 0 for any length
 * @param rotateEvery a file holds lines of one such stretch of local time only: of a day, of an hour; 0 for any
 * @param keep so many rotated files, the newest
 */
public record AccessLogConfig(Path file, AccessLogFormat format, long rotateBytes, Duration rotateEvery, int keep) {

    public boolean isStandardOutput() {
        return file.equals(Path.of("-"));
    }
}
