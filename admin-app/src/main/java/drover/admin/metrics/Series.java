package drover.admin.metrics;

import drover.admin.supervision.SlotView;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.stream.Stream;

/** One series of a metric; and metrics of them, in the words of the Prometheus library. */
record Series(Labels labels, double value) {

    static final double MILLIS_PER_SECOND = 1000.0;

    static Series of(double value, String... labels) {
        return new Series(Labels.of(labels), value);
    }

    static Labels worker(SlotView slot) {
        return worker(slot.slot());
    }

    static Labels worker(int slot) {
        return Labels.of("worker", Integer.toString(slot));
    }

    /** The library wants counters without their suffix, and puts it on again. */
    static MetricSnapshot counter(String metric, String help, Stream<Series> series) {
        var builder = CounterSnapshot.builder()
                .name(metric.replaceFirst("_total$", ""))
                .help(help);
        series.forEach(one ->
                builder.dataPoint(new CounterDataPointSnapshot(one.value(), one.labels(), /* exemplar= */ null, 0)));
        return builder.build();
    }

    static MetricSnapshot gauge(String metric, String help, Stream<Series> series) {
        var builder = GaugeSnapshot.builder().name(metric).help(help);
        series.forEach(
                one -> builder.dataPoint(new GaugeDataPointSnapshot(one.value(), one.labels(), /* exemplar= */ null)));
        return builder.build();
    }
}
