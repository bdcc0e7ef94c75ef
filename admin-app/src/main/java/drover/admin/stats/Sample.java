package drover.admin.stats;

import drover.admin.supervision.MasterView;
import drover.engine.stats.RegionReader.Counts;
import java.time.Instant;
import java.util.List;

/**
 * The farm at one moment: read once, shown to everyone.
 *
 * @param firstByte how long requests waited for the first byte of their answer
 * @param vhosts by name; {@code _other} is always among them
 */
public record Sample(
        Instant at,
        MasterView master,
        Counts masterCounts,
        int wantedWorkers,
        List<WorkerSample> workers,
        Connections connections,
        double requestsPerSecond,
        Latency firstByte,
        List<VhostSample> vhosts) {

    /** The farm as its parts are. */
    public static Sample of(
            Instant at,
            MasterView master,
            Counts masterCounts,
            int wantedWorkers,
            List<WorkerSample> workers,
            LatencyWindow.Latencies latencies) {
        var all = workers.stream().map(WorkerSample::counts).reduce(Counts.zero(), Counts::plus);
        return new Sample(
                at,
                master,
                masterCounts,
                wantedWorkers,
                workers,
                Connections.of(all),
                workers.stream().mapToDouble(WorkerSample::requestsPerSecond).sum(),
                latencies.all(),
                latencies.vhosts());
    }
}
