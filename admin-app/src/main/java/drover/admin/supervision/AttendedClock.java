package drover.admin.supervision;

import java.time.Duration;

/**
 * Time as the supervisor lives it. While admin, or the whole machine, is paused, nobody looks, and so nothing may become too
 * late: a gap between two looks that is longer than a second does not count at all.
 */
final class AttendedClock {

    static final Duration LONGEST_GAP = Duration.ofSeconds(1);

    private long lookedNanos;
    private long nanos;

    AttendedClock(long nanoTime) {
        lookedNanos = nanoTime;
    }

    /** Takes a look at {@code System.nanoTime}; true if there was a pause since the last one. */
    boolean look(long nanoTime) {
        long gap = nanoTime - lookedNanos;
        lookedNanos = nanoTime;
        boolean paused = gap > LONGEST_GAP.toNanos();
        if (!paused) {
            nanos += gap;
        }
        return paused;
    }

    /** Attended time up to the last look; only differences mean something. */
    long nanos() {
        return nanos;
    }
}
