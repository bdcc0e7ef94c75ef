package drover.engine.stats;

import java.util.List;
import java.util.stream.IntStream;

/** A worker's own part of the region. Its main thread writes the head; each section goes to the thread that owns it. */
public final class Seat {

    private final Region region;
    private final int start;
    private final Section housekeeping;
    private final List<Section> loops;

    private Seat(Region region, int slot, int seat) {
        var layout = region.layout();
        this.region = region;
        this.start = layout.seat(slot, seat);
        this.housekeeping = region.section(layout.housekeepingSection(slot, seat));
        this.loops = IntStream.range(0, layout.loops())
                .mapToObj(loop -> region.section(layout.loopSection(slot, seat, loop)))
                .toList();
    }

    /**
     * Takes a seat that nobody else holds: counters go on from where the last holder left them, gauges and heartbeats
     * start anew.
     */
    public static Seat take(Region region, int slot, int seat, long pid, long startedAtMillis) {
        var taken = new Seat(region, slot, seat);
        taken.housekeeping.clearGauges();
        taken.loops.forEach(Section::clearGauges);
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

    public List<Section> loops() {
        return loops;
    }
}
