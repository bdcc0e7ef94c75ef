package drover.admin.metrics;

import drover.admin.stats.Connections;
import drover.admin.stats.ProcessUse;
import drover.admin.stats.RegionReading;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the supervisor and the kernel know of the workers; levels only of slots where a process lives. */
final class WorkerMetrics {

    private WorkerMetrics() {}

    /** What can be told without the region. */
    static List<MetricSnapshot> of(List<SlotView> slots) {
        return List.of(
                Series.gauge(
                        "drover_worker_up",
                        "Whether the worker takes new connections",
                        slots.stream().map(slot -> new Series(Series.worker(slot), slot.serves() ? 1 : 0))),
                Series.gauge(
                        "drover_worker_state",
                        "1 for the state the worker is in; hung is set beside it",
                        slots.stream().flatMap(WorkerMetrics::states)),
                Series.counter(
                        "drover_worker_restarts_total",
                        "Processes of the worker that were replaced, by reason",
                        slots.stream().flatMap(WorkerMetrics::restarts)),
                Series.gauge(
                        "drover_worker_start_time_seconds",
                        "When the worker's process started",
                        slots.stream().flatMap(WorkerMetrics::startTime)),
                Series.gauge(
                        "drover_worker_resident_memory_bytes",
                        "Memory that the worker's processes take",
                        living(slots)
                                .map(slot -> new Series(Series.worker(slot), (double)
                                        ProcessUse.of(slot.processes()).residentBytes()))));
    }

    /** What the region tells beside its counters. */
    static List<MetricSnapshot> of(RegionReading region, List<SlotView> slots) {
        return List.of(
                Series.gauge(
                        "drover_worker_heartbeat_age_seconds",
                        "Time since the worker's slowest event loop last turned",
                        slots.stream()
                                .flatMap(slot -> region.heartbeatAge(slot).stream()
                                        .map(age -> new Series(Series.worker(slot), age)))),
                Series.gauge(
                        "drover_http_requests_in_flight",
                        "Requests that are being answered",
                        living(slots)
                                .map(slot -> new Series(Series.worker(slot), (double)
                                        Connections.of(region.counts(slot.slot(), slot.processes()))
                                                .writing()))));
    }

    private static Stream<SlotView> living(List<SlotView> slots) {
        return slots.stream().filter(slot -> !slot.processes().isEmpty());
    }

    /** Hung stands beside the states, because a process that hangs is still in one of them. */
    private static Stream<Series> states(SlotView slot) {
        return Stream.concat(
                Arrays.stream(SlotState.values()).map(state -> state(slot, state.name(), slot.state() == state)),
                Stream.of(state(slot, "HUNG", slot.hung())));
    }

    private static Series state(SlotView slot, String state, boolean holds) {
        return new Series(Series.worker(slot).add("state", state.toLowerCase(Locale.ROOT)), holds ? 1 : 0);
    }

    private static Stream<Series> restarts(SlotView slot) {
        return slot.restarts().entrySet().stream()
                .map(restart ->
                        new Series(Series.worker(slot).add("reason", restart.getKey()), (double) restart.getValue()));
    }

    private static Stream<Series> startTime(SlotView slot) {
        return slot.processes().stream()
                .limit(1)
                .map(process ->
                        new Series(Series.worker(slot), process.startedAt().toEpochMilli() / Series.MILLIS_PER_SECOND));
    }
}
