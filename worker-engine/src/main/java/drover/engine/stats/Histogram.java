package drover.engine.stats;

import java.util.Arrays;

/**
 * A histogram as it was read: how many values lie in each bucket, and their sum. Never changes.
 */
public final class Histogram {

    private final Buckets buckets;
    private final long[] counts;
    private final long sum;

    /** {@code counts} is handed over; {@code sum} is in the unit of the values, nanoseconds or bytes. */
    Histogram(Buckets buckets, long[] counts, long sum) {
        this.buckets = buckets;
        this.counts = counts;
        this.sum = sum;
    }

    public static Histogram empty(Buckets buckets) {
        return new Histogram(buckets, new long[buckets.count()], 0);
    }

    public Buckets buckets() {
        return buckets;
    }

    public long count(int bucket) {
        return counts[bucket];
    }

    /** How many values there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Their sum in the base unit, seconds or bytes. */
    public double sum() {
        return sum * buckets.unit();
    }

    /** Their sum in the unit of the values, exactly. */
    public long exactSum() {
        return sum;
    }

    /** As {@link Buckets#classicCounts}. */
    public java.util.List<Long> classicCounts() {
        return buckets.classicCounts(counts);
    }

    public Histogram plus(Histogram other) {
        var both = counts.clone();
        Arrays.setAll(both, i -> both[i] + other.counts[i]);
        return new Histogram(buckets, both, sum + other.sum);
    }

    /** What came since {@code earlier}; a bucket that has become less, because the region was made anew, counts from zero. */
    public Histogram since(Histogram earlier) {
        var later = counts.clone();
        Arrays.setAll(later, i -> later[i] >= earlier.counts[i] ? later[i] - earlier.counts[i] : later[i]);
        return new Histogram(buckets, later, sum >= earlier.sum ? sum - earlier.sum : sum);
    }

    /**
     * The value that a share of all do not exceed, in the base unit, as exactly as the buckets tell: linear within the bucket
     * it lies in. NaN if there are none.
     *
     * @param share 0 to 1
     */
    public double quantile(double share) {
        long all = count();
        if (all == 0) {
            return Double.NaN;
        }
        double rank = share * all;
        long below = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0 && below + counts[bucket] >= rank) {
                double from = bucket == 0 ? 0 : buckets.bound(bucket - 1);
                double to = buckets.bound(bucket);
                return Double.isInfinite(to) ? from : from + (to - from) * Math.max(0, rank - below) / counts[bucket];
            }
            below += counts[bucket];
        }
        return buckets.bound(counts.length - 2);
    }
}
