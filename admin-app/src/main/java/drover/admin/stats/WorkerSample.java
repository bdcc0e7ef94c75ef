package drover.admin.stats;

import drover.admin.supervision.SlotView;
import drover.engine.stats.RegionReader.Counts;
import java.util.Optional;

/**
 * One slot at one moment.
 *
 * @param counts totals over both seats, gauges only of processes that live
 * @param heartbeatAgeSeconds of the loop that has not turned for the longest time; empty without a process that serves
 * @param requestsPerSecond over the time since the sample before
 */
public record WorkerSample(
        SlotView slot,
        Counts counts,
        Connections connections,
        Optional<Double> heartbeatAgeSeconds,
        double requestsPerSecond) {}
