package drover.engine.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The buckets of a kind of histogram. Their upper bounds are those of Prometheus' native histograms, 2^(i/2ˢ) of the base
 * unit for schema s, and those of its classic ones: both are sums of whole buckets, so both are exact. A value belongs to
 * the first bucket whose bound it does not exceed; the last bucket has no bound.
 */
public final class Buckets {

    private static final double NANOS = 1e-9;

    /**
     * Times in nanoseconds: 8 buckets for each power of two, 9 % wide, from 4 µs to 34 minutes.
     */
    public static final Buckets TIMES = new Buckets(
            3,
            -18,
            11,
            NANOS,
            List.of(
                    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
                    10.0, 30.0, 60.0, 300.0));

    /** Sizes in bytes: 4 buckets for each power of two, 19 % wide, from 64 bytes to 1 TiB. */
    public static final Buckets SIZES = new Buckets(
            2,
            6,
            40,
            1,
            List.of(256.0, 1024.0, 4096.0, 16384.0, 65536.0, 262144.0, 1048576.0, 4194304.0, 16777216.0, 67108864.0));

    /** 16 cells for each power of two, few of which have more than one bound in them. */
    private static final int CELL_BITS = 4;

    private final int schema;
    private final double unit;
    private final long[] bounds;
    private final int[] nativeIndex;
    private final List<Double> classic;
    private final int[] classicEnd;
    private final short[] firstOfCell;

    private Buckets(int schema, int fromPower, int toPower, double unit, List<Double> classic) {
        this.schema = schema;
        this.unit = unit;
        this.classic = classic;
        int each = 1 << schema;
        var all = new TreeSet<Long>();
        for (int i = fromPower * each; i <= toPower * each; i++) {
            all.add(nativeBound(i));
        }
        classic.forEach(bound -> all.add(Math.round(bound / unit)));
        bounds = new long[all.size() + 1];
        int at = 0;
        for (long bound : all) {
            bounds[at++] = bound;
        }
        bounds[at] = Long.MAX_VALUE;
        nativeIndex = new int[bounds.length];
        int next = fromPower * each;
        for (int bucket = 0; bucket < bounds.length; bucket++) {
            while (next <= toPower * each && nativeBound(next) < bounds[bucket]) {
                next++;
            }
            nativeIndex[bucket] = next;
        }
        classicEnd = classic.stream()
                .mapToInt(bound -> Arrays.binarySearch(bounds, Math.round(bound / unit)))
                .toArray();
        firstOfCell = new short[cell(Long.MAX_VALUE) + 1];
        for (int bucket = bounds.length - 1; bucket >= 0; bucket--) {
            Arrays.fill(firstOfCell, 0, cell(bounds[bucket]) + 1, (short) bucket);
        }
    }

    private long nativeBound(int index) {
        return (long) Math.floor(Math.pow(2, (double) index / (1 << schema)) * Math.rint(1 / unit));
    }

    private static int cell(long value) {
        int power = 63 - Long.numberOfLeadingZeros(value | (1 << CELL_BITS));
        return ((power - CELL_BITS) << CELL_BITS) + (int) (value >>> (power - CELL_BITS));
    }

    /** The bucket that a value belongs to; one below zero is taken for zero. */
    int of(long value) {
        int bucket = value <= 0 ? 0 : firstOfCell[cell(value)];
        while (value > bounds[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** How many there are. */
    public int count() {
        return bounds.length;
    }

    /** What a value times is the base unit, seconds or bytes. */
    public double unit() {
        return unit;
    }

    /** Upper bound of a bucket in the base unit; infinite for the last. */
    public double bound(int bucket) {
        return bucket == bounds.length - 1 ? Double.POSITIVE_INFINITY : bounds[bucket] * unit;
    }

    /** Of Prometheus' native histograms. */
    public int nativeSchema() {
        return schema;
    }

    /** The bucket of a native histogram that a bucket is a part of; what is in bucket 0 is at or below zero's threshold. */
    public int nativeIndex(int bucket) {
        return nativeIndex[bucket];
    }

    /** Upper bounds of the classic histogram in the base unit, ascending, without infinity. */
    public List<Double> classicBounds() {
        return classic;
    }

    /** For each bucket of the classic histogram, infinity's last, how many values are in it; those of smaller ones apart. */
    public List<Long> classicCounts(long[] counts) {
        var classicCounts = new ArrayList<Long>();
        int from = 0;
        for (int end : classicEnd) {
            classicCounts.add(sum(counts, from, end + 1));
            from = end + 1;
        }
        classicCounts.add(sum(counts, from, bounds.length));
        return classicCounts;
    }

    private static long sum(long[] counts, int from, int to) {
        return Arrays.stream(counts, from, to).sum();
    }
}
