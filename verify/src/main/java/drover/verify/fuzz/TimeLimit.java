package drover.verify.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Supplier;

/**
 * No input may take longer than this. What counts is the processor time of the thread, and the least of several tries: classes
 * are loaded and compiled, and other processes run, in the time of whoever comes first.
 */
final class TimeLimit {

    static final long NANOS = 50_000_000;

    private static final int TRIES = 5;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private TimeLimit() {}

    /** Does the work, more than once if it seems to take too long. */
    static <T> T hold(Supplier<T> work) {
        long begun = System.nanoTime();
        var result = work.get();
        // Processor time is never more than this, and costs a system call.
        if (System.nanoTime() - begun > NANOS) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && least > NANOS; i++) {
                least = Math.min(least, processorNanos(work));
            }
            Broken.unless(least <= NANOS, "takes " + least / 1_000_000 + " ms");
        }
        return result;
    }

    private static long processorNanos(Supplier<?> work) {
        long begun = THREADS.getCurrentThreadCpuTime();
        var _ = work.get();
        return THREADS.getCurrentThreadCpuTime() - begun;
    }
}
