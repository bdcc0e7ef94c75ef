package drover.engine.files;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * Requests by the number of the file, the same at every run. Of {@link #POPULAR} files the first is asked for most often, the
 * n-th 1/n^skew times as often as the first; files behind them are those a crawler goes through.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Trace(String name, int[] requests) {

    static final int POPULAR = 1_000;
    static final int CRAWLED = 10_000;

    private static final int REQUESTS = 200_000;

    /** The crawler asks once where others ask so often. */
    private static final int REQUESTS_PER_CRAWLED = 4;

    /** How often what is popular changes, and by how many ranks. */
    private static final int REQUESTS_PER_DRIFT = 10_000;

    private static final int DRIFT = 50;

    static Trace zipf(double skew) {
        return of("Zipf " + skew, zipf(skew, new Random(20260401)));
    }

    /** A crawler goes through its files, each once, while others ask as ever. */
    static Trace crawled(double skew) {
        var others = zipf(skew, new Random(20260402));
        int period = REQUESTS_PER_CRAWLED + 1;
        return of(
                "Zipf " + skew + ", every fifth request a crawler's",
                at -> at % period == 0 ? POPULAR + at / period % CRAWLED : others.applyAsInt(at));
    }

    /** A crawler goes through 2,000 files at once, and then nobody does for ten times as long. */
    static Trace scanned(double skew) {
        var others = zipf(skew, new Random(20260403));
        int scan = 2_000;
        return of(
                "Zipf " + skew + ", a scan of 2,000 files at times",
                at -> at % (11 * scan) < scan
                        ? POPULAR + (at / (11 * scan) * scan + at % (11 * scan)) % CRAWLED
                        : others.applyAsInt(at));
    }

    /** What was popular is not any more: every 10,000 requests each file falls 50 ranks, and 50 others come to the top. */
    static Trace drifting(double skew) {
        var ranks = zipf(skew, new Random(20260404));
        return of(
                "Zipf " + skew + ", 50 other favourites every 10,000 requests",
                at -> Math.floorMod(ranks.applyAsInt(at) - at / REQUESTS_PER_DRIFT * DRIFT, POPULAR));
    }

    private static Trace of(String name, IntUnaryOperator file) {
        var requests = new int[REQUESTS];
        Arrays.setAll(requests, file);
        return new Trace(name, requests);
    }

    private static IntUnaryOperator zipf(double skew, Random random) {
        var sums = new double[POPULAR];
        double sum = 0;
        for (int rank = 0; rank < POPULAR; rank++) {
            sum += 1 / Math.pow(rank + 1, skew);
            sums[rank] = sum;
        }
        double total = sum;
        return at -> {
            int found = Arrays.binarySearch(sums, random.nextDouble() * total);
            return Math.min(found < 0 ? -found - 1 : found, POPULAR - 1);
        };
    }
}
