package drover.engine.loop;

import java.time.Duration;

/**
 * Whether a client takes its response fast enough: less than 500 bytes a second over a whole minute is not. A client that
 * takes a byte now and then would otherwise hold its connection, and an open file, for as long as it likes.
 */
final class Pace {

    private static final long LEAST_BYTES_PER_SECOND = 500;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private long sinceNanos;
    private long bytes;

    /** A response begins to wait for its client. */
    void start(long nanoTime) {
        sinceNanos = nanoTime;
        bytes = 0;
    }

    /** The client took some more. */
    boolean isTooSlow(long taken, long nanoTime) {
        bytes += taken;
        if (nanoTime - sinceNanos < WINDOW.toNanos()) {
            return false;
        }
        boolean tooSlow = bytes < LEAST_BYTES_PER_SECOND * WINDOW.toSeconds();
        start(nanoTime);
        return tooSlow;
    }
}
