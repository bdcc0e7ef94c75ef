package drover.admin.metrics;

import drover.admin.stats.RegionReading;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader.Counts;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What master and workers count; names and help follow from {@link Counter} alone. Counters are of every slot that was ever
 * used, so that sums do not go back when the pool becomes smaller; levels only of slots where a process lives.
 */
final class CounterMetrics {

    private final Counts master;
    private final Map<Integer, Counts> workers = new TreeMap<>();
    private final Map<Integer, List<WorkerProcess>> living;

    private CounterMetrics(RegionReading region, List<SlotView> slots) {
        master = region.master().counts();
        living = slots.stream()
                .filter(slot -> !slot.processes().isEmpty())
                .collect(Collectors.toMap(SlotView::slot, SlotView::processes));
        Stream.concat(region.slots().stream(), slots.stream().map(SlotView::slot))
                .forEach(slot -> workers.put(slot, region.counts(slot, living.getOrDefault(slot, List.of()))));
    }

    static List<MetricSnapshot> of(RegionReading region, List<SlotView> slots) {
        return new CounterMetrics(region, slots).metrics();
    }

    private List<MetricSnapshot> metrics() {
        var byMetric = new LinkedHashMap<String, List<Counter>>();
        Arrays.stream(Counter.values())
                .forEach(counter -> byMetric.computeIfAbsent(counter.metric(), _ -> new ArrayList<>())
                        .add(counter));
        return byMetric.values().stream().map(this::metric).toList();
    }

    /** Those that differ only in their labels. */
    private MetricSnapshot metric(List<Counter> family) {
        var first = family.getFirst();
        var series = family.stream().flatMap(this::series);
        return switch (first.kind()) {
            case COUNTER -> Series.counter(first.metric(), first.help(), series);
            case GAUGE, MAXIMUM -> Series.gauge(first.metric(), first.help(), series);
        };
    }

    private Stream<Series> series(Counter counter) {
        return switch (counter.scope()) {
            case MASTER -> Stream.of(series(counter, Labels.EMPTY, master));
            case WORKER ->
                workers.entrySet().stream()
                        .filter(worker -> counter.kind() == Counter.Kind.COUNTER || living.containsKey(worker.getKey()))
                        .map(worker -> series(counter, Series.worker(worker.getKey()), worker.getValue()));
        };
    }

    private static Series series(Counter counter, Labels labels, Counts counts) {
        var all = labels;
        for (var label : counter.labels().entrySet()) {
            all = all.add(label.getKey(), label.getValue());
        }
        return new Series(all, counts.get(counter) * counter.unit());
    }
}
