package drover.admin.logs;

import drover.admin.logs.LogLine.Level;
import java.util.Locale;
import java.util.Optional;

/**
 * Which lines are wanted.
 *
 * @param search text, not a pattern, that must stand in a line; upper and lower case are the same
 * @param level no line that matters less; one that says no level belongs to the line before it
 */
public record LogFilter(Optional<String> search, Optional<Level> level) {

    /** All lines. */
    public static final LogFilter ALL = new LogFilter(Optional.empty(), Optional.empty());

    public LogFilter {
        search = search.map(text -> text.toLowerCase(Locale.ROOT)).filter(text -> !text.isEmpty());
    }

    boolean finds(LogLine line) {
        return search.isEmpty() || line.text().toLowerCase(Locale.ROOT).contains(search.get());
    }

    /** @param effective the line's own, or that of the line it belongs to */
    boolean admits(Optional<Level> effective) {
        return level.isEmpty()
                || effective.filter(own -> own.reaches(level.get())).isPresent();
    }
}
