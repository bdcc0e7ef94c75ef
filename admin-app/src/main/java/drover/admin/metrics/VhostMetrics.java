package drover.admin.metrics;

import drover.admin.stats.VhostSample;
import drover.engine.stats.Histogram;
import drover.engine.stats.VhostReading;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is counted by virtual host. Histograms are classic and native at once; a scraper takes what it understands. */
final class VhostMetrics {

    /** Only the whole of an answer may take longer than its beginning should. */
    private static final double LONGEST_FIRST_BYTE = 10;

    private VhostMetrics() {}

    static List<MetricSnapshot> of(List<VhostReading> vhosts) {
        return List.of(
                Series.counter(
                        "drover_vhost_http_requests_total",
                        "Requests answered, by virtual host, method and status code",
                        vhosts.stream().flatMap(VhostMetrics::requests)),
                Series.counter(
                        "drover_vhost_http_response_bytes_total",
                        "Bytes of response bodies handed to the kernel, by virtual host",
                        vhosts.stream()
                                .map(vhost -> Series.of((double) vhost.bytes().exactSum(), "vhost", vhost.name()))),
                histogram(
                        "drover_http_response_duration_seconds",
                        "Time from the first byte of a request to the first byte of its answer",
                        vhosts,
                        VhostReading::firstByte,
                        LONGEST_FIRST_BYTE),
                histogram(
                        "drover_http_request_duration_seconds",
                        "Time from the first byte of a request to the last byte of its answer",
                        vhosts,
                        VhostReading::total,
                        Double.MAX_VALUE),
                histogram(
                        "drover_http_response_size_bytes",
                        "Bytes of response bodies",
                        vhosts,
                        VhostReading::bytes,
                        Double.MAX_VALUE));
    }

    private static Stream<Series> requests(VhostReading vhost) {
        return vhost.byMethodAndCode().stream()
                .map(requests -> Series.of(
                        (double) requests.count(),
                        "vhost",
                        vhost.name(),
                        "method",
                        VhostSample.method(requests.verb()),
                        "code",
                        requests.code() == 0 ? "other" : Integer.toString(requests.code())));
    }

    private static MetricSnapshot histogram(
            String metric,
            String help,
            List<VhostReading> vhosts,
            Function<VhostReading, Histogram> which,
            double highestBound) {
        var builder = HistogramSnapshot.builder().name(metric).help(help);
        vhosts.forEach(vhost -> builder.dataPoint(point(vhost.name(), which.apply(vhost), highestBound)));
        return builder.build();
    }

    private static HistogramDataPointSnapshot point(String vhost, Histogram histogram, double highestBound) {
        return new HistogramDataPointSnapshot(
                classic(histogram, highestBound),
                histogram.buckets().nativeSchema(),
                histogram.count(0),
                histogram.buckets().bound(0),
                nativeBuckets(histogram),
                NativeHistogramBuckets.EMPTY,
                histogram.sum(),
                Labels.of("vhost", vhost),
                Exemplars.EMPTY,
                0);
    }

    /** What is above the highest bound is counted with infinity. */
    private static ClassicHistogramBuckets classic(Histogram histogram, double highestBound) {
        var all = histogram.classicCounts();
        var bounds = new ArrayList<>(histogram.buckets().classicBounds().stream()
                .filter(bound -> bound <= highestBound)
                .toList());
        var counts = new ArrayList<>(all.subList(0, bounds.size()));
        bounds.add(Double.POSITIVE_INFINITY);
        counts.add(all.stream().skip(counts.size()).mapToLong(Long::longValue).sum());
        return ClassicHistogramBuckets.of(bounds, counts);
    }

    /** Without bucket 0, which is a native histogram's bucket around zero. */
    private static NativeHistogramBuckets nativeBuckets(Histogram histogram) {
        var counts = new TreeMap<Integer, Long>();
        for (int bucket = 1; bucket < histogram.buckets().count(); bucket++) {
            if (histogram.count(bucket) > 0) {
                counts.merge(histogram.buckets().nativeIndex(bucket), histogram.count(bucket), Long::sum);
            }
        }
        return NativeHistogramBuckets.of(List.copyOf(counts.keySet()), List.copyOf(counts.values()));
    }
}
