package drover.engine.stats;

import java.util.List;
import java.util.stream.IntStream;

/** A worker's own part of the region. Its main thread writes the head; what is a loop's goes to the thread that runs it. */
public final class Seat {

    private final Region region;
    private final int slot;
    private final int number;
    private final long start;
    private final Section housekeeping;
    private final VhostNames vhostNames;
    private final List<LoopStats> loops;

    private Seat(Region region, int slot, int number, boolean meters) {
        var layout = region.layout();
        this.region = region;
        this.slot = slot;
        this.number = number;
        this.start = layout.seat(slot, number);
        this.housekeeping = region.section(layout.housekeepingSection(slot, number));
        this.vhostNames = new VhostNames(region, slot, number);
        this.loops = IntStream.range(0, layout.loops())
                .mapToObj(loop -> loop(loop, meters))
                .toList();
    }

    private LoopStats loop(int loop, boolean meters) {
        var layout = region.layout();
        var blocks = IntStream.range(0, layout.vhosts())
                .mapToObj(vhost -> new VhostBlock(region, layout.vhostBlock(slot, number, loop, vhost)))
                .toArray(VhostBlock[]::new);
        return new LoopStats(
                region.section(layout.loopSection(slot, number, loop)),
                new Recorder(region, layout.recorder(slot, number, loop)),
                vhostNames,
                blocks,
                meters);
    }

    /**
     * Takes a seat that nobody else holds: counters go on from where the last holder left them, gauges, heartbeats and flight
     * recorders start anew.
     *
     * @param meters whether requests are counted by virtual host, timed and recorded; without it is only for measuring
     *     what that costs
     * @throws IllegalArgumentException if the slot was not reserved
     */
    public static Seat take(Region region, int slot, int seat, long pid, long startedAtMillis, boolean meters) {
        if (!region.isReserved(slot)) {
            throw new IllegalArgumentException("slot " + slot + " was not reserved in the statistics region");
        }
        var taken = new Seat(region, slot, seat, meters);
        taken.housekeeping.clearGauges();
        taken.loops.forEach(LoopStats::clear);
        region.setOpaque(taken.start + RegionLayout.SEAT_PID, pid);
        region.setOpaque(taken.start + RegionLayout.SEAT_STARTED_AT, startedAtMillis);
        taken.announce(SeatState.STARTING);
        return taken;
    }

    /** Tells readers what the process is about; release, so that what it did before is seen first. */
    public void announce(SeatState state) {
        region.setRelease(start + RegionLayout.SEAT_STATE, state.code());
    }

    public Section housekeeping() {
        return housekeeping;
    }

    public List<LoopStats> loops() {
        return loops;
    }
}
