package drover.admin.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long to wait after a crash, and when to give up: 0.1 s · 2ⁿ up to 5 s, five crashes within a minute at most. Whoever
 * has served for a while before is not in a loop of crashes, and his successor waits 0.1 s.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int BUDGET = 5;
    private static final Duration A_WHILE = Duration.ofSeconds(10);

    private final Deque<Long> crashes = new ArrayDeque<>();
    private int inARow;

    /** Notes the crash of somebody who had lived so long; times are System.nanoTime. */
    void crashed(long nanoTime, Duration lived) {
        inARow = lived.compareTo(A_WHILE) < 0 ? inARow + 1 : 1;
        crashes.addLast(nanoTime);
        forget(nanoTime);
    }

    private void forget(long nanoTime) {
        while (!crashes.isEmpty() && nanoTime - crashes.getFirst() > WINDOW.toNanos()) {
            crashes.removeFirst();
        }
        inARow = Math.min(inARow, crashes.size());
    }

    /** Whether the budget is spent. */
    boolean exhausted() {
        return crashes.size() >= BUDGET;
    }

    /** The wait after the last crash. */
    Duration delay() {
        int exponent = Math.max(0, inARow - 1);
        var delay = FIRST.multipliedBy(1L << Math.min(exponent, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    /** Somebody says that the cause is mended. */
    void reset() {
        crashes.clear();
        inARow = 0;
    }
}
