package drover.admin.web;

import drover.admin.logs.LogEnd;
import drover.admin.logs.LogFiles;
import drover.admin.logs.LogFilter;
import drover.admin.logs.LogLine.Level;
import drover.admin.shared.Refusal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The logs of all processes: which there are, and their last lines. */
@RestController
@RequestMapping("/api/v1/logs")
public final class LogController {

    private static final int MOST_LINES = 5000;
    private static final int LONGEST_SEARCH = 200;

    private final LogFiles logs;

    LogController(LogFiles logs) {
        this.logs = logs;
    }

    @GetMapping
    List<LogFiles.Log> list() {
        return logs.all();
    }

    /** The last that match, the oldest of them first. */
    @GetMapping("/{id}")
    LogEnd.Found lines(
            @PathVariable String id,
            @RequestParam(defaultValue = "200") int lines,
            @RequestParam Optional<String> search,
            @RequestParam Optional<String> level)
            throws IOException {
        if (lines < 1 || lines > MOST_LINES) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "lines must be 1 to " + MOST_LINES + ", not " + lines + ".");
        }
        var filter = filter(search, level);
        try {
            return LogEnd.of(file(logs, id), filter, lines);
        } catch (NoSuchFileException rotated) {
            return new LogEnd.Found(List.of(), /* complete= */ true);
        }
    }

    /** Where a log lies. */
    public static Path file(LogFiles logs, String id) {
        return logs.find(id).orElseThrow(() -> noSuchLog(logs));
    }

    private static Refusal noSuchLog(LogFiles logs) {
        return new Refusal(
                HttpStatus.NOT_FOUND,
                "There is no such log; there are: "
                        + String.join(
                                ", ", logs.all().stream().map(LogFiles.Log::id).toList()) + ".");
    }

    /** Which lines are asked for. */
    public static LogFilter filter(Optional<String> search, Optional<String> level) {
        if (search.filter(text -> text.length() > LONGEST_SEARCH).isPresent()) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST, "search must not be longer than " + LONGEST_SEARCH + " characters.");
        }
        return new LogFilter(search, level.map(LogController::level));
    }

    private static Level level(String name) {
        try {
            return Level.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "level must be one of " + Arrays.toString(Level.values()).toLowerCase(Locale.ROOT) + ".");
        }
    }
}
