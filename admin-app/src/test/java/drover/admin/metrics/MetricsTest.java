package drover.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import drover.admin.stats.RegionReading;
import drover.admin.stats.StatsRegion;
import drover.admin.supervision.SlotView;
import drover.engine.stats.Buckets;
import drover.engine.stats.Counter;
import drover.engine.stats.VhostBlock.Verb;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a real region. */
class MetricsTest {

    @TempDir
    private Path directory = Path.of("");

    private StatsRegion region;

    @BeforeEach
    void createRegion() throws IOException {
        region = new StatsRegion(directory);
    }

    private Map<String, Double> values(String metric, SlotView... slots) throws IOException {
        var values = new TreeMap<String, Double>();
        CounterMetrics.of(RegionReading.of(region.reader()), List.of(slots)).stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(metric))
                .forEach(snapshot -> values(snapshot, values));
        return values;
    }

    private static void values(MetricSnapshot snapshot, Map<String, Double> values) {
        snapshot.getDataPoints()
                .forEach(point -> values.put(
                        point.getLabels().get("worker"),
                        switch (point) {
                            case CounterSnapshot.CounterDataPointSnapshot counter -> counter.getValue();
                            case GaugeSnapshot.GaugeDataPointSnapshot gauge -> gauge.getValue();
                            default -> throw new AssertionError(point);
                        }));
    }

    @Test
    void counters_of_a_slot_that_is_no_longer_wanted_stay_and_its_levels_vanish() throws IOException {
        for (int slot = 1; slot <= 2; slot++) {
            var section = region.take(slot, 0, slot).loops().getFirst().section();
            section.add(Counter.FILE_CACHE_HITS, 10L * slot);
            section.add(Counter.FILE_CACHE_BYTES, 500);
        }

        assertThat(values("drover_file_cache_hits", StatsRegion.slot(1, 1)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("1", 10.0, "2", 20.0));
        assertThat(values("drover_file_cache_bytes", StatsRegion.slot(1, 1)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("1", 500.0));
    }

    @Test
    void a_slot_that_has_counted_nothing_yet_counts_zero() throws IOException {
        assertThat(values("drover_file_cache_hits", StatsRegion.slot(3)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("3", 0.0));
        assertThat(values("drover_file_cache_bytes", StatsRegion.slot(3))).isEmpty();
    }

    @Test
    void times_are_seconds() throws IOException {
        var seat = region.take(1, 0, 1);
        seat.housekeeping().add(Counter.WORKER_CPU, 2_500_000_000L);
        seat.loops().get(0).section().set(Counter.LOOP_LAG, 3_000_000);
        seat.loops().get(1).section().set(Counter.LOOP_LAG, 7_000_000);

        assertThat(values("drover_worker_cpu_seconds", StatsRegion.slot(1, 1))).containsEntry("1", 2.5);
        assertThat(values("drover_event_loop_lag_seconds", StatsRegion.slot(1, 1))
                        .get("1"))
                .isCloseTo(0.007, within(1e-9));
    }

    private HistogramDataPointSnapshot histogram(String metric) throws IOException {
        return VhostMetrics.of(region.reader().vhosts()).stream()
                .filter(snapshot -> snapshot.getMetadata().getName().equals(metric))
                .map(HistogramSnapshot.class::cast)
                .flatMap(snapshot -> snapshot.getDataPoints().stream())
                .filter(point -> "a".equals(point.getLabels().get("vhost")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void histograms_are_classic_and_native_with_the_same_numbers() throws IOException {
        var vhost = region.take(1, 0, 1).loops().getFirst().vhost("a");
        for (var time : List.of(
                Duration.ofNanos(1),
                Duration.ofNanos(100_000),
                Duration.ofNanos(100_001),
                Duration.ofMillis(120),
                Duration.ofSeconds(20),
                Duration.ofHours(2))) {
            vhost.count(Verb.GET, 200, time.toNanos(), time.toNanos(), 64);
        }

        var firstByte = histogram("drover_http_response_duration_seconds");
        var total = histogram("drover_http_request_duration_seconds");

        assertThat(firstByte.getCount()).isEqualTo(6);
        assertThat(firstByte.getSum()).isCloseTo(7220.1202, within(1e-4));
        assertThat(classic(firstByte))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(0.0001, 2L, 0.00025, 1L, 0.25, 1L, Double.POSITIVE_INFINITY, 2L));
        assertThat(firstByte
                        .getClassicBuckets()
                        .getUpperBound(firstByte.getClassicBuckets().size() - 2))
                .isEqualTo(10);
        assertThat(classic(total))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(0.0001, 2L, 0.00025, 1L, 0.25, 1L, 30.0, 1L, Double.POSITIVE_INFINITY, 1L));
        assertThat(firstByte.getNativeSchema()).isEqualTo(3);
        assertThat(firstByte.getNativeZeroCount()).isEqualTo(1);
        assertThat(firstByte.getNativeZeroThreshold()).isEqualTo(Buckets.TIMES.bound(0));
        // 2^(-24/8) is an eighth, where its bucket ends.
        assertThat(nativeCounts(firstByte)).containsEntry(-24, 1L);
        assertThat(nativeCounts(firstByte).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(5);
    }

    @Test
    void requests_are_told_apart_by_virtual_host_method_and_code() throws IOException {
        var loop = region.take(1, 0, 1).loops().getFirst();
        loop.vhost("a").count(Verb.GET, 200, 1, 1, 1000);
        loop.vhost("a").count(Verb.OTHER, 405, 1, 1, 0);
        loop.others().count(Verb.HEAD, 418, 1, 1, 0);

        var labels = VhostMetrics.of(region.reader().vhosts()).getFirst().getDataPoints().stream()
                .map(point -> point.getLabels().toString())
                .toList();

        assertThat(labels)
                .containsExactlyInAnyOrder(
                        "{code=\"200\",method=\"GET\",vhost=\"a\"}",
                        "{code=\"405\",method=\"other\",vhost=\"a\"}",
                        "{code=\"other\",method=\"HEAD\",vhost=\"_other\"}");
        assertThat(histogram("drover_http_response_size_bytes").getSum()).isEqualTo(1000);
    }

    private static Map<Double, Long> classic(HistogramDataPointSnapshot point) {
        var counts = new TreeMap<Double, Long>();
        point.getClassicBuckets().stream()
                .filter(bucket -> bucket.getCount() > 0)
                .forEach(bucket -> counts.put(bucket.getUpperBound(), bucket.getCount()));
        return counts;
    }

    private static Map<Integer, Long> nativeCounts(HistogramDataPointSnapshot point) {
        var counts = new TreeMap<Integer, Long>();
        point.getNativeBucketsForPositiveValues().stream()
                .forEach(bucket -> counts.put(bucket.getBucketIndex(), bucket.getCount()));
        return counts;
    }
}
