package drover.engine.loop;

import drover.engine.http.HttpDate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time, read once for each turn of a loop; its renderings change once a second. Owned by the loop. */
final class LoopClock {

    private static final DateTimeFormatter LOG_TIME = DateTimeFormatter.ofPattern(
                    "'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private long nanos;
    private long second = -1;
    private byte[] date = new byte[0];
    private byte[] logTime = new byte[0];

    LoopClock() {
        read();
    }

    void read() {
        nanos = System.nanoTime();
        long now = Math.floorDiv(System.currentTimeMillis(), 1000L);
        if (now != second) {
            second = now;
            var instant = Instant.ofEpochSecond(now);
            date = HttpDate.bytes(instant);
            logTime = LOG_TIME.format(instant).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Reads the time anew if a second has begun meanwhile on another thread that this one must know of. */
    void reach(long begun) {
        if (second < begun) {
            read();
        }
    }

    /** Seconds since the epoch, as in {@link #date}. */
    long second() {
        return second;
    }

    /** System.nanoTime, monotonic. */
    long nanos() {
        return nanos;
    }

    /** For the Date field. */
    byte[] date() {
        return date;
    }

    /** For the access log, {@code [23/Nov/2026:08:00:00 +0000]}. */
    byte[] logTime() {
        return logTime;
    }
}
