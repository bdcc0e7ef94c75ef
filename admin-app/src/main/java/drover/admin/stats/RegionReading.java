package drover.admin.stats;

import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.RegionReader.MasterReading;
import drover.engine.stats.RegionReader.SeatReading;
import drover.engine.stats.SeatState;
import drover.engine.stats.VhostReading;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** All that is counted in the region, read once, so that what is shown together belongs together. Never changes. */
public final class RegionReading {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final List<SeatReading> NOBODY =
            Collections.nCopies(RegionLayout.SEATS, new SeatReading(SeatState.EMPTY, 0, 0, List.of(), Counts.zero()));

    private final long nanoTime;
    private final MasterReading master;
    private final Map<Integer, List<SeatReading>> seats;
    private final List<VhostReading> vhosts;

    private RegionReading(
            long nanoTime, MasterReading master, Map<Integer, List<SeatReading>> seats, List<VhostReading> vhosts) {
        this.nanoTime = nanoTime;
        this.master = master;
        this.seats = seats;
        this.vhosts = vhosts;
    }

    /** Reads it now. */
    public static RegionReading of(RegionReader region) {
        var seats = new TreeMap<Integer, List<SeatReading>>();
        region.slots()
                .forEach(slot -> seats.put(
                        slot,
                        IntStream.range(0, RegionLayout.SEATS)
                                .mapToObj(seat -> region.seat(slot, seat))
                                .toList()));
        return new RegionReading(System.nanoTime(), region.master(), seats, region.vhosts());
    }

    /** When it was read, CLOCK_MONOTONIC. */
    public long nanoTime() {
        return nanoTime;
    }

    public MasterReading master() {
        return master;
    }

    /** Slots that were ever used, in their order, wanted or not. */
    public List<Integer> slots() {
        return List.copyOf(seats.keySet());
    }

    /** One that nobody has taken if the slot was never used. */
    public SeatReading seat(int slot, int seat) {
        return seats.getOrDefault(slot, NOBODY).get(seat);
    }

    /** What was counted by virtual host, in all slots, by name. */
    public List<VhostReading> vhosts() {
        return vhosts;
    }

    /** What a slot counted, over both seats: a seat's levels only while the process in it is among those that live. */
    public Counts counts(int slot, List<WorkerProcess> living) {
        return seats.getOrDefault(slot, NOBODY).stream()
                .map(seat ->
                        isHeld(seat, living) ? seat.counts() : seat.counts().withoutGauges())
                .reduce(Counts.zero(), Counts::plus);
    }

    private static boolean isHeld(SeatReading seat, List<WorkerProcess> living) {
        return living.stream().anyMatch(process -> process.pid() == seat.pid());
    }

    /** The age of a slot's oldest heartbeat in seconds, of the process that serves; nanoTime is CLOCK_MONOTONIC on Linux. */
    public Optional<Double> heartbeatAge(SlotView slot) {
        return slot.processes().stream()
                .findFirst()
                .map(process -> seat(slot.slot(), process.seat()))
                .filter(seat -> isHeld(seat, slot.processes()))
                .flatMap(seat -> seat.heartbeatNanos().stream().min(Long::compare))
                .filter(oldest -> oldest > 0)
                .map(oldest -> Math.max(0, (nanoTime - oldest) / NANOS_PER_SECOND));
    }
}
