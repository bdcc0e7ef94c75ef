package drover.engine.loop;

import java.time.Duration;

/**
 * How long whoever comes may have to wait because the loop is busy with others: its longest turn within the last second or
 * two.
 */
final class Lag {

    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();

    private long windowBegun;
    private long longest;
    private long longestBefore;

    /** A turn has taken from one time to the other: the longest now. */
    long longest(long begun, long ended) {
        if (ended - windowBegun > WINDOW_NANOS) {
            longestBefore = ended - windowBegun > 2 * WINDOW_NANOS ? 0 : longest;
            longest = 0;
            windowBegun = ended;
        }
        longest = Math.max(longest, ended - begun);
        return Math.max(longest, longestBefore);
    }
}
