package drover.verify.client;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long things took, in buckets of at most 3 % width from a microsecond to over an hour. Any thread may add. */
public final class Latencies {

    private static final int STEPS = 32;
    private static final int DOUBLINGS = 33;

    private final AtomicLongArray buckets = new AtomicLongArray(STEPS * DOUBLINGS);

    public void add(long nanos) {
        long micros = Math.max(1, nanos / 1000);
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) (((micros * STEPS) >> doubling) - STEPS);
        buckets.incrementAndGet(Math.min(doubling * STEPS + step, buckets.length() - 1));
    }

    public long count() {
        long count = 0;
        for (int bucket = 0; bucket < buckets.length(); bucket++) {
            count += buckets.get(bucket);
        }
        return count;
    }

    /** The time in milliseconds within which so many of a hundred stayed; not a number if there are none. */
    public double percentileMillis(double percent) {
        long wanted = (long) Math.ceil(count() * percent / 100);
        long seen = 0;
        for (int bucket = 0; bucket < buckets.length() && wanted > 0; bucket++) {
            seen += buckets.get(bucket);
            if (seen >= wanted) {
                return upper(bucket) / 1000;
            }
        }
        return Double.NaN;
    }

    private static double upper(int bucket) {
        return Math.scalb(1.0 + (double) (bucket % STEPS + 1) / STEPS, bucket / STEPS);
    }
}
