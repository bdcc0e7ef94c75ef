package drover.admin.stats;

import drover.admin.supervision.SlotView;
import drover.engine.stats.RegionReader.Counts;
import java.util.Optional;

/**
 * One slot at one moment.
 *
 * @param counts totals over both seats, gauges only of processes that live
 * @param heartbeatAgeSeconds of the loop that has not turned for the longest time; empty without a process that serves
 * @param use what its living processes take of the machine
 * @param rates over the time since the sample before
 */
public record WorkerSample(
        SlotView slot,
        Counts counts,
        Connections connections,
        Optional<Double> heartbeatAgeSeconds,
        ProcessUse use,
        Rates rates) {

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * What a slot did.
     *
     * @param requestsPerSecond answered
     * @param processors that were kept busy, 0.5 for half of one
     */
    public record Rates(double requestsPerSecond, double processors) {

        /** Nothing, as far as is known. */
        public static final Rates NONE = new Rates(0, 0);
    }

    /** The slot as this reading of the region has it. */
    public static WorkerSample of(SlotView slot, RegionReading region, Rates rates) {
        var counts = region.counts(slot.slot(), slot.processes());
        return new WorkerSample(
                slot,
                counts,
                Connections.of(counts),
                region.heartbeatAge(slot),
                ProcessUse.of(slot.processes()),
                rates);
    }

    public double requestsPerSecond() {
        return rates.requestsPerSecond();
    }

    /** What it did since {@code earlier}, so many nanoseconds ago. */
    public Rates ratesSince(WorkerSample earlier, long nanos) {
        long requests = Math.max(0, counts.requests() - earlier.counts.requests());
        return new Rates(nanos > 0 ? requests * NANOS_PER_SECOND / nanos : 0, use.processorsSince(earlier.use, nanos));
    }

    WorkerSample with(Rates its) {
        return new WorkerSample(slot, counts, connections, heartbeatAgeSeconds, use, its);
    }
}
