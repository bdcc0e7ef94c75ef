package drover.admin.metrics;

import drover.admin.config.Configurations;
import drover.admin.config.Generation;
import drover.admin.config.Generation.Verdict;
import drover.admin.config.Generations;
import drover.admin.shared.Version;
import drover.admin.stats.Sampler;
import drover.admin.supervision.Farm;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader.Counts;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The farm for Prometheus, read from the region at each scrape. Which counters there are, their names and their help
 * follow from {@link Counter} alone; a number of the region is never kept in a meter, where it could go stale.
 */
@Component
final class FarmMetrics implements MultiCollector {

    private static final double MILLIS_PER_SECOND = 1000.0;

    private final Farm farm;
    private final Generations generations;

    FarmMetrics(Farm farm, Configurations configurations, PrometheusRegistry registry) {
        this.farm = farm;
        this.generations = configurations.generations();
        registry.register(this);
    }

    @Override
    public MetricSnapshots collect() {
        var slots = farm.slots();
        var snapshots = new ArrayList<MetricSnapshot>();
        snapshots.addAll(counters(slots));
        snapshots.addAll(configuration());
        snapshots.addAll(List.of(
                build(),
                startTime(),
                up(slots),
                states(slots),
                restarts(slots),
                heartbeatAges(slots),
                startTimes(slots)));
        return new MetricSnapshots(snapshots);
    }

    // ---- what the processes count

    private List<MetricSnapshot> counters(List<SlotView> slots) {
        var region = farm.region();
        var master = region.master().counts();
        var workers = new TreeMap<String, Counts>();
        slots.forEach(slot -> workers.put(label(slot), Sampler.counts(region, slot)));
        var byMetric = new LinkedHashMap<String, List<Counter>>();
        Arrays.stream(Counter.values())
                .forEach(counter -> byMetric.computeIfAbsent(counter.metric(), _ -> new ArrayList<>())
                        .add(counter));
        return byMetric.values().stream()
                .map(family -> family(family, master, workers))
                .toList();
    }

    private static MetricSnapshot family(List<Counter> family, Counts master, Map<String, Counts> workers) {
        var first = family.getFirst();
        var points = family.stream().flatMap(counter -> points(counter, master, workers));
        return switch (first.kind()) {
            case COUNTER ->
                counter(
                        first.metric(),
                        first.help(),
                        points.map(point -> new CounterDataPointSnapshot(point.value(), point.labels(), null, 0)));
            case GAUGE, MAXIMUM ->
                gauge(
                        first.metric(),
                        first.help(),
                        points.map(point -> new GaugeDataPointSnapshot(point.value(), point.labels(), null)));
        };
    }

    private record Point(Labels labels, double value) {}

    private static Stream<Point> points(Counter counter, Counts master, Map<String, Counts> workers) {
        return switch (counter.scope()) {
            case MASTER -> Stream.of(new Point(own(counter, Labels.EMPTY), master.get(counter)));
            case WORKER ->
                workers.entrySet().stream()
                        .map(worker -> new Point(
                                own(counter, Labels.of("worker", worker.getKey())),
                                worker.getValue().get(counter)));
        };
    }

    private static Labels own(Counter counter, Labels labels) {
        var all = labels;
        for (var label : counter.labels().entrySet()) {
            all = all.add(label.getKey(), label.getValue());
        }
        return all;
    }

    // ---- what the supervisor knows

    private static MetricSnapshot build() {
        return InfoSnapshot.builder()
                .name("drover_build")
                .help("Version of Drover and of its Java")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "version",
                                Version.CURRENT,
                                "java_version",
                                Runtime.version().toString()))
                        .build())
                .build();
    }

    private static MetricSnapshot startTime() {
        double seconds = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND;
        return gauge("drover_start_time_seconds", "When admin started", Stream.of(point(Labels.EMPTY, seconds)));
    }

    private List<MetricSnapshot> configuration() {
        var decided = generations.decided().filter(one -> one.verdict() == Verdict.ACCEPTED);
        var accepted = generations.accepted().flatMap(Generation::decidedAt);
        return List.of(
                gauge(
                        "drover_config_generation",
                        "The configuration and the worker that run, by number",
                        Stream.of(point(Labels.EMPTY, farm.generation()))),
                gauge(
                        "drover_config_last_reload_successful",
                        "Whether the last configuration that was tried runs",
                        Stream.of(point(Labels.EMPTY, decided.isPresent() ? 1 : 0))),
                gauge(
                        "drover_config_last_reload_success_timestamp_seconds",
                        "When a configuration was last taken up",
                        accepted.stream().map(at -> point(Labels.EMPTY, at.toEpochMilli() / MILLIS_PER_SECOND))));
    }

    private static MetricSnapshot up(List<SlotView> slots) {
        return gauge(
                "drover_worker_up",
                "Whether the worker takes new connections",
                slots.stream().map(slot -> point(worker(slot), slot.serves() ? 1 : 0)));
    }

    /** Hung stands beside the states, because a process that hangs is still in one of them. */
    private static MetricSnapshot states(List<SlotView> slots) {
        return gauge(
                "drover_worker_state",
                "1 for the state the worker is in; hung is set beside it",
                slots.stream()
                        .flatMap(slot -> Stream.concat(
                                Arrays.stream(SlotState.values())
                                        .map(state -> state(slot, state.name(), slot.state() == state)),
                                Stream.of(state(slot, "HUNG", slot.hung())))));
    }

    private static GaugeDataPointSnapshot state(SlotView slot, String state, boolean holds) {
        return point(worker(slot).add("state", state.toLowerCase(Locale.ROOT)), holds ? 1 : 0);
    }

    private static MetricSnapshot restarts(List<SlotView> slots) {
        return counter(
                "drover_worker_restarts_total",
                "Processes of the worker that were replaced, by reason",
                slots.stream()
                        .flatMap(slot -> slot.restarts().entrySet().stream()
                                .map(restart -> new CounterDataPointSnapshot(
                                        restart.getValue(), worker(slot).add("reason", restart.getKey()), null, 0))));
    }

    private MetricSnapshot heartbeatAges(List<SlotView> slots) {
        long now = System.nanoTime();
        var region = farm.region();
        return gauge(
                "drover_worker_heartbeat_age_seconds",
                "Time since the worker's slowest event loop last turned",
                slots.stream()
                        .flatMap(slot ->
                                Sampler.heartbeatAge(region, slot, now).stream().map(age -> point(worker(slot), age))));
    }

    private static MetricSnapshot startTimes(List<SlotView> slots) {
        return gauge(
                "drover_worker_start_time_seconds",
                "When the worker's process started",
                slots.stream()
                        .flatMap(slot -> slot.processes().stream()
                                .limit(1)
                                .map(process ->
                                        point(worker(slot), process.startedAt().toEpochMilli() / MILLIS_PER_SECOND))));
    }

    // ---- the library's words

    private static String label(SlotView slot) {
        return Integer.toString(slot.slot());
    }

    private static Labels worker(SlotView slot) {
        return Labels.of("worker", label(slot));
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }

    /** The library wants counters without their suffix, and puts it on again. */
    private static MetricSnapshot counter(String metric, String help, Stream<CounterDataPointSnapshot> points) {
        var builder = CounterSnapshot.builder()
                .name(metric.replaceFirst("_total$", ""))
                .help(help);
        points.forEach(builder::dataPoint);
        return builder.build();
    }

    private static MetricSnapshot gauge(String metric, String help, Stream<GaugeDataPointSnapshot> points) {
        var builder = GaugeSnapshot.builder().name(metric).help(help);
        points.forEach(builder::dataPoint);
        return builder.build();
    }
}
