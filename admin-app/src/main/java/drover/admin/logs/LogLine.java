package drover.admin.logs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of a log.
 *
 * @param at when it was written, if it says so
 * @param level {@code ERROR}, {@code WARN}, {@code INFO} or {@code DEBUG}, if it says so; the access log does not
 * @param text the line without time and level if those stood at its beginning; else all of it
 */
public record LogLine(Optional<Instant> at, Optional<Level> level, String text) {

    /** How much a line matters, the most first. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG;

        /** Whether it matters as much as another one at least. */
        boolean reaches(Level least) {
            return compareTo(least) <= 0;
        }
    }

    private static final Pattern PROCESS =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{5,18}Z) (ERROR|WARN|INFO|DEBUG) (.*)");
    private static final Pattern JSON = Pattern.compile("\\{\"ts\":\"(\\d{4}-\\d\\d-\\d\\dT[\\d:.]{5,18}Z)\".*");
    private static final Pattern COMMON =
            Pattern.compile("[^\\[\"]{1,1200}\\[(\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4})] .*");
    private static final DateTimeFormatter COMMON_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

    /** A line as it was written; what is no text in it is text afterwards. */
    static LogLine of(byte[] bytes) {
        var line = LogText.of(bytes);
        var process = PROCESS.matcher(line);
        if (process.matches()) {
            return new LogLine(time(process.group(1)), Optional.of(Level.valueOf(process.group(2))), process.group(3));
        }
        var json = JSON.matcher(line);
        if (json.matches()) {
            return new LogLine(time(json.group(1)), Optional.empty(), line);
        }
        var common = COMMON.matcher(line);
        return new LogLine(common.matches() ? commonTime(common.group(1)) : Optional.empty(), Optional.empty(), line);
    }

    /** A line may say anything: what is no time is none. */
    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> commonTime(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text, COMMON_TIME).toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** Whether it belongs to the line before it, as those of a stack trace do. */
    @JsonIgnore
    boolean goesOn() {
        return level.isEmpty();
    }
}
