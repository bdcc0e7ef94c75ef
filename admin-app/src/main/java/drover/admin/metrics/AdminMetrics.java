package drover.admin.metrics;

import drover.admin.config.Generation;
import drover.admin.config.Generation.Verdict;
import drover.admin.config.Generations;
import drover.admin.shared.Version;
import drover.admin.supervision.Farm;
import drover.admin.supervision.OperationCount;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What admin knows of itself, of its configuration and of what it was asked to do. */
final class AdminMetrics {

    private AdminMetrics() {}

    static List<MetricSnapshot> of(Farm farm, Generations generations, boolean statisticsAvailable) {
        double started = ManagementFactory.getRuntimeMXBean().getStartTime() / Series.MILLIS_PER_SECOND;
        var decided = generations.decided().filter(one -> one.verdict() == Verdict.ACCEPTED);
        var accepted = generations.accepted().flatMap(Generation::decidedAt);
        return List.of(
                build(),
                one("drover_start_time_seconds", "When admin started", started),
                one(
                        "drover_statistics_available",
                        "Whether the statistics region can be read",
                        statisticsAvailable ? 1 : 0),
                one(
                        "drover_config_generation",
                        "The configuration and the worker that run, by number",
                        farm.generation()),
                one(
                        "drover_config_last_reload_successful",
                        "Whether the last configuration that was tried runs",
                        decided.isPresent() ? 1 : 0),
                Series.gauge(
                        "drover_config_last_reload_success_timestamp_seconds",
                        "When a configuration was last taken up",
                        accepted.stream().map(at -> Series.of(at.toEpochMilli() / Series.MILLIS_PER_SECOND))),
                Series.counter(
                        "drover_admin_operations_total",
                        "Operations that have ended, by what they did and how they ended",
                        farm.endedOperations().stream().map(AdminMetrics::ended)));
    }

    private static MetricSnapshot one(String metric, String help, double value) {
        return Series.gauge(metric, help, Stream.of(Series.of(value)));
    }

    private static Series ended(OperationCount ended) {
        return Series.of(
                (double) ended.count(),
                "action",
                ended.action().label(),
                "outcome",
                ended.outcome().name().toLowerCase(Locale.ROOT));
    }

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
}
