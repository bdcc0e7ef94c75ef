package drover.admin.web;

import drover.admin.shared.Version;
import drover.admin.stats.Connections;
import drover.admin.stats.Latency;
import drover.admin.stats.Sample;
import drover.admin.stats.VhostSample;
import drover.admin.stats.WorkerSample;
import drover.admin.supervision.MasterView;
import drover.admin.supervision.Operation;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.supervision.Wanted;
import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.VhostReading;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the API shows, as {@code docs/formats/api.md} has it. */
public final class Views {

    private static final Instant STARTED_AT =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

    private Views() {}

    /** The farm as a whole. */
    public record Status(
            String version,
            Instant startedAt,
            Instant at,
            Health health,
            List<String> listening,
            Master master,
            int workersWanted,
            long workersUp,
            Connections connections,
            double requestsPerSecond,
            Latency firstByte,
            Map<String, Long> counters) {

        static Status of(Sample sample) {
            return new Status(
                    Version.CURRENT,
                    STARTED_AT,
                    sample.at(),
                    Health.of(sample),
                    sample.master().listening(),
                    Master.of(sample.master()),
                    sample.wantedWorkers(),
                    Health.up(sample),
                    sample.connections(),
                    sample.requestsPerSecond(),
                    sample.firstByte(),
                    Views.counters(sample.masterCounts(), Counter.Scope.MASTER));
        }
    }

    /** The master process. */
    public record Master(SlotState state, Optional<Long> pid, Optional<Instant> startedAt) {

        static Master of(MasterView view) {
            return new Master(view.state(), view.pid(), view.startedAt());
        }
    }

    /** One slot; pid and start are those of the process that takes new connections. */
    public record Worker(
            int slot,
            Wanted wanted,
            SlotState state,
            boolean hung,
            String detail,
            Optional<Long> pid,
            Optional<Instant> startedAt,
            List<WorkerProcess> processes,
            Optional<Double> heartbeatAgeSeconds,
            Connections connections,
            double requestsPerSecond,
            double processors,
            long residentBytes,
            Map<String, Long> restarts,
            Map<String, Long> counters) {

        static Worker of(WorkerSample sample) {
            var slot = sample.slot();
            var serving = slot.processes().stream().findFirst();
            return new Worker(
                    slot.slot(),
                    slot.wanted(),
                    slot.state(),
                    slot.hung(),
                    slot.detail(),
                    serving.map(WorkerProcess::pid),
                    serving.map(WorkerProcess::startedAt),
                    slot.processes(),
                    sample.heartbeatAgeSeconds(),
                    sample.connections(),
                    sample.requestsPerSecond(),
                    sample.rates().processors(),
                    sample.use().residentBytes(),
                    slot.restarts(),
                    Views.counters(sample.counts(), Counter.Scope.WORKER));
        }
    }

    /**
     * One virtual host, since the farm was started.
     *
     * @param bytes of response bodies
     */
    public record Vhost(String name, long requests, List<Answers> answers, long bytes, Latency firstByte) {

        static Vhost of(VhostSample sample) {
            var reading = sample.reading();
            return new Vhost(
                    reading.name(),
                    reading.count(),
                    reading.byMethodAndCode().stream().map(Answers::of).toList(),
                    reading.bytes().exactSum(),
                    sample.firstByte());
        }
    }

    /** How many requests with a method were answered with a status code; 0 for all codes that are not told apart. */
    public record Answers(String method, int code, long count) {

        static Answers of(VhostReading.Requests requests) {
            return new Answers(VhostSample.method(requests.verb()), requests.code(), requests.count());
        }
    }

    /** What the stream sends. */
    public record Snapshot(Status status, List<Worker> workers, List<Operation> operations) {

        /** Everything at once, so that what is on a screen belongs together. */
        public static Snapshot of(Sample sample, List<Operation> operations) {
            return new Snapshot(Status.of(sample), Views.workers(sample), operations);
        }
    }

    /** All slots of a sample. */
    public static List<Worker> workers(Sample sample) {
        return sample.workers().stream().map(Worker::of).toList();
    }

    private static Map<String, Long> counters(Counts counts, Counter.Scope scope) {
        var byName = new TreeMap<String, Long>();
        for (var counter : Counter.values()) {
            if (counter.scope() == scope) {
                byName.put(counter.name().toLowerCase(Locale.ROOT), counts.get(counter));
            }
        }
        return byName;
    }
}
