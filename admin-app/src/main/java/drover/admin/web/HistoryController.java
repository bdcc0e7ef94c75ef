package drover.admin.web;

import drover.admin.history.History;
import drover.admin.shared.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The farm over the last day. */
@RestController
@RequestMapping("/api/v1")
final class HistoryController {

    private static final long HOUR = 3600;
    private static final int MOST_POINTS = 10_000;
    private static final int DAY = 86_400;
    /** Beyond an hour no more than so many seconds' averages are known. */
    private static final int COARSE = 10;

    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");
    private static final long LAST_SECOND =
            Instant.parse("9999-12-31T00:00:00Z").getEpochSecond();

    private final History history;
    private final InstantSource clock = InstantSource.system();

    HistoryController(History history) {
        this.history = history;
    }

    /** The last hour, unless {@code from} and {@code to} say otherwise, in steps that suit it. */
    @GetMapping("/history")
    History.Answer history(
            @RequestParam Optional<String> from,
            @RequestParam Optional<String> to,
            @RequestParam Optional<String> step) {
        long now = clock.instant().getEpochSecond();
        long end = to.map(text -> second("to", text)).orElse(now);
        long start = from.map(text -> second("from", text)).orElse(end - HOUR);
        if (start >= end) {
            throw refused("from must be before to.");
        }
        int seconds = step.map(HistoryController::step).orElseGet(() -> suitable(start, end, now));
        if ((end - start) / seconds >= MOST_POINTS) {
            throw refused("That would be more than %d points; take a larger step.".formatted(MOST_POINTS));
        }
        return history.between(start, end, seconds);
    }

    /** As fine as is known, and no more points than an hour has seconds. */
    private static int suitable(long start, long end, long now) {
        long finest = start < now - HOUR ? COARSE : 1;
        return (int) Math.clamp(Math.ceilDiv(end - start, HOUR), finest, DAY);
    }

    private static long second(String name, String text) {
        try {
            long second = SECONDS.matcher(text).matches()
                    ? Long.parseLong(text)
                    : Instant.parse(text).getEpochSecond();
            if (second >= 0 && second < LAST_SECOND) {
                return second;
            }
        } catch (DateTimeException none) {
            throw refused(name, text);
        }
        throw refused(name, text);
    }

    private static Refusal refused(String name, String text) {
        return refused("%s must be a time such as 2026-11-27T02:30:00Z, or seconds since the epoch, not \"%s\"."
                .formatted(name, text));
    }

    private static int step(String text) {
        if (SECONDS.matcher(text).matches()) {
            long seconds = Long.parseLong(text);
            if (seconds >= 1 && seconds <= DAY) {
                return (int) seconds;
            }
        }
        throw refused("step must be 1 to %d seconds, not \"%s\".".formatted(DAY, text));
    }

    private static Refusal refused(String why) {
        return new Refusal(HttpStatus.BAD_REQUEST, why);
    }
}
