package drover.engine.loop;

import drover.engine.http.HttpDate;
import java.time.Instant;

/** The time, read once for each turn of a loop; its rendering changes once a second. Owned by the loop. */
final class LoopClock {

    private long nanos;
    private long millis;
    private long second = -1;
    private byte[] date = new byte[0];

    LoopClock() {
        read();
    }

    void read() {
        nanos = System.nanoTime();
        millis = System.currentTimeMillis();
        long now = Math.floorDiv(millis, 1000L);
        if (now != second) {
            second = now;
            date = HttpDate.bytes(Instant.ofEpochSecond(now));
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

    /** Milliseconds since the epoch, for the access log. */
    long millis() {
        return millis;
    }
}
