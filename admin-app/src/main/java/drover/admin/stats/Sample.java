package drover.admin.stats;

import drover.admin.supervision.MasterView;
import drover.engine.stats.RegionReader.Counts;
import java.time.Instant;
import java.util.List;

/** The farm at one moment: read once, shown to everyone. */
public record Sample(
        Instant at,
        MasterView master,
        Counts masterCounts,
        int wantedWorkers,
        List<WorkerSample> workers,
        Connections connections,
        double requestsPerSecond) {}
