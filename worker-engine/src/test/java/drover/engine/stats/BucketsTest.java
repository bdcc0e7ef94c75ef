package drover.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {

    private static final Buckets TIMES = Buckets.TIMES;
    private static final Buckets SIZES = Buckets.SIZES;

    @Test
    void every_value_is_in_the_first_bucket_whose_bound_it_does_not_exceed() {
        var random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            long value = random.nextLong() >>> (1 + random.nextInt(63));

            int bucket = TIMES.of(value);

            assertThat(value * 1e-9).isLessThanOrEqualTo(TIMES.bound(bucket));
            assertThat(bucket == 0 || value * 1e-9 > TIMES.bound(bucket - 1)).isTrue();
        }
    }

    @Test
    void values_at_a_bound_and_one_beyond_it_are_in_two_buckets() {
        for (int bucket = 0; bucket < TIMES.count() - 1; bucket++) {
            long bound = Math.round(TIMES.bound(bucket) * 1e9);

            assertThat(TIMES.of(bound)).isEqualTo(bucket);
            assertThat(TIMES.of(bound + 1)).isEqualTo(bucket + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1})
    void what_is_hardly_anything_is_in_the_first(long value) {
        assertThat(TIMES.of(value)).isZero();
        assertThat(SIZES.of(value)).isZero();
    }

    @Test
    void the_last_bucket_takes_all_that_is_left() {
        assertThat(TIMES.of(Long.MAX_VALUE)).isEqualTo(TIMES.count() - 1);
        assertThat(TIMES.bound(TIMES.count() - 1)).isInfinite();
    }

    @Test
    void powers_of_two_are_bounds_of_both_kinds_at_once() {
        assertThat(TIMES.of(1_000_000_000)).isEqualTo(TIMES.of(999_999_999));
        assertThat(TIMES.of(250_000_001)).isEqualTo(TIMES.of(250_000_000) + 1);
        assertThat(TIMES.nativeIndex(TIMES.of(125_000_000))).isEqualTo(-24);
        assertThat(TIMES.nativeIndex(TIMES.of(125_000_001))).isEqualTo(-23);
    }

    @Test
    void no_bucket_of_times_is_wider_than_ten_percent() {
        for (int bucket = 1; bucket < TIMES.count() - 1; bucket++) {
            assertThat(TIMES.bound(bucket) / TIMES.bound(bucket - 1)).isBetween(1.0, 1.1);
        }
    }

    @Test
    void a_bucket_lies_within_one_bucket_of_the_native_histogram() {
        for (var buckets : new Buckets[] {TIMES, SIZES}) {
            double each = 1 << buckets.nativeSchema();
            for (int bucket = 1; bucket < buckets.count() - 1; bucket++) {
                double upper = Math.pow(2, buckets.nativeIndex(bucket) / each);
                double lower = Math.pow(2, (buckets.nativeIndex(bucket) - 1) / each);

                // A bound is a whole number of nanoseconds, or of bytes.
                assertThat(buckets.bound(bucket)).isLessThanOrEqualTo(upper);
                assertThat(buckets.bound(bucket - 1)).isGreaterThanOrEqualTo(lower - buckets.unit());
            }
        }
    }

    @Test
    void classic_counts_are_exact_at_every_bound() {
        var random = new Random(2);
        var values = IntStream.range(0, 100_000)
                .mapToLong(_ -> (long) Math.exp(random.nextDouble() * 27))
                .toArray();
        var counts = new long[TIMES.count()];
        for (long value : values) {
            counts[TIMES.of(value)]++;
        }

        var classic = TIMES.classicCounts(counts);

        long upTo = 0;
        for (int i = 0; i < TIMES.classicBounds().size(); i++) {
            upTo += classic.get(i);
            double bound = TIMES.classicBounds().get(i);
            assertThat(upTo)
                    .isEqualTo(IntStream.range(0, values.length)
                            .filter(at -> values[at] <= Math.round(bound * 1e9))
                            .count());
        }
        assertThat(classic.stream().mapToLong(Long::longValue).sum()).isEqualTo(values.length);
    }

    @Test
    void quantiles_are_as_exact_as_the_buckets() {
        var random = new Random(3);
        var values = IntStream.range(0, 100_000)
                .mapToLong(_ -> (long) (50_000 * Math.exp(random.nextGaussian())))
                .sorted()
                .toArray();
        var counts = new long[TIMES.count()];
        for (long value : values) {
            counts[TIMES.of(value)]++;
        }
        var histogram = new Histogram(TIMES, counts, 0);

        for (double share : new double[] {0.5, 0.9, 0.99, 0.999}) {
            double exact = values[(int) Math.ceil(share * values.length) - 1] * 1e-9;
            assertThat(histogram.quantile(share) / exact).isBetween(1 / 1.1, 1.1);
        }
        assertThat(Histogram.empty(TIMES).quantile(0.5)).isNaN();
    }
}
