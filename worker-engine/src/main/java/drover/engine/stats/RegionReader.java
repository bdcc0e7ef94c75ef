package drover.engine.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Reads the region. What lies there was written by other processes and is untrusted: a reading is a value to show or
 * compare, never an index, length, pointer, descriptor or pid to act on. Each counter alone never goes back; several
 * read together are not one instant.
 */
public final class RegionReader {

    /** Largest number that JSON readers hold exactly; garbage beyond it or below zero is cut to the bounds. */
    static final long MAX = 1L << 53;

    private final Region region;

    public RegionReader(Region region) {
        this.region = region;
    }

    /** What the master and its threads wrote. */
    public record MasterReading(long heartbeatNanos, Counts counts) {}

    /** What one seat holds: who sits there and what all its sections add up to. */
    public record SeatReading(
            SeatState state, long pid, long startedAtMillis, List<Long> heartbeatNanos, Counts counts) {}

    /** What one event loop of a seat wrote; {@code heartbeatNanos} is 0 if it was never seen to turn. */
    public record LoopReading(long heartbeatNanos, Counts counts) {}

    /** One number for each {@link Counter}. */
    public static final class Counts {

        private final long[] byIndex;

        private Counts(long[] byIndex) {
            this.byIndex = byIndex;
        }

        public static Counts zero() {
            return new Counts(new long[Counter.values().length]);
        }

        public long get(Counter counter) {
            return byIndex[counter.index()];
        }

        /** Requests answered, whatever the status code. */
        public long requests() {
            return get(Counter.REQUESTS_2XX)
                    + get(Counter.REQUESTS_3XX)
                    + get(Counter.REQUESTS_4XX)
                    + get(Counter.REQUESTS_5XX);
        }

        /** Open connections, whatever is done with them. */
        public long connections() {
            return get(Counter.CONNECTIONS_READING) + get(Counter.CONNECTIONS_WRITING) + get(Counter.CONNECTIONS_IDLE);
        }

        public Counts plus(Counts other) {
            var sum = byIndex.clone();
            for (var counter : Counter.values()) {
                int i = counter.index();
                sum[i] = counter.plus(sum[i], other.byIndex[i]);
            }
            return new Counts(sum);
        }

        /** The same without the levels of a process that is gone. */
        public Counts withoutGauges() {
            var kept = byIndex.clone();
            for (var counter : Counter.values()) {
                if (counter.kind() != Counter.Kind.COUNTER) {
                    kept[counter.index()] = 0;
                }
            }
            return new Counts(kept);
        }
    }

    public RegionLayout layout() {
        return region.layout();
    }

    public MasterReading master() {
        long section = RegionLayout.MASTER_SECTION;
        return new MasterReading(region.getAcquire(section + RegionLayout.SECTION_HEARTBEAT), counts(List.of(section)));
    }

    /** Slots that were ever used, in their order: only these can be read. */
    public List<Integer> slots() {
        return IntStream.rangeClosed(1, RegionLayout.SLOTS)
                .filter(region::isReserved)
                .boxed()
                .toList();
    }

    /** Empty if the slot was never used. */
    public SeatReading seat(int slot, int seat) {
        if (!region.isReserved(slot)) {
            return new SeatReading(SeatState.EMPTY, 0, 0, List.of(), Counts.zero());
        }
        var layout = region.layout();
        long head = layout.seat(slot, seat);
        var state = SeatState.of(region.getAcquire(head + RegionLayout.SEAT_STATE));
        var sections = new ArrayList<Long>();
        var heartbeats = new ArrayList<Long>();
        sections.add(layout.housekeepingSection(slot, seat));
        for (int loop = 0; loop < layout.loops(); loop++) {
            long section = layout.loopSection(slot, seat, loop);
            sections.add(section);
            heartbeats.add(region.getAcquire(section + RegionLayout.SECTION_HEARTBEAT));
        }
        return new SeatReading(
                state,
                region.getOpaque(head + RegionLayout.SEAT_PID),
                region.getOpaque(head + RegionLayout.SEAT_STARTED_AT),
                List.copyOf(heartbeats),
                counts(sections));
    }

    /** What each event loop of a seat wrote, in the order of their numbers; none if the slot was never used. */
    public List<LoopReading> loops(int slot, int seat) {
        var layout = region.layout();
        return IntStream.range(0, region.isReserved(slot) ? layout.loops() : 0)
                .mapToLong(loop -> layout.loopSection(slot, seat, loop))
                .mapToObj(section -> new LoopReading(
                        region.getAcquire(section + RegionLayout.SECTION_HEARTBEAT), counts(List.of(section))))
                .toList();
    }

    /** What was counted by virtual host since the region was made, in all slots, by name. */
    public List<VhostReading> vhosts() {
        var byName = new TreeMap<String, VhostReading>();
        var layout = region.layout();
        for (int slot : slots()) {
            for (int seat = 0; seat < RegionLayout.SEATS; seat++) {
                for (int vhost = 0; vhost < layout.vhosts(); vhost++) {
                    var name = vhost == VhostNames.OTHERS
                            ? VhostReading.OTHERS
                            : VhostNames.read(region, slot, seat, vhost);
                    for (int loop = 0; loop < layout.loops() && !name.isEmpty(); loop++) {
                        var reading = VhostBlock.read(region, name, layout.vhostBlock(slot, seat, loop, vhost));
                        byName.merge(name, reading, VhostReading::plus);
                    }
                }
            }
        }
        return List.copyOf(byName.values());
    }

    /**
     * The requests that a seat's loops are at, the oldest first, and then those that they have finished, the last first.
     * None if the slot was never used.
     */
    public List<Flight> flights(int slot, int seat) {
        var layout = region.layout();
        return IntStream.range(0, region.isReserved(slot) ? layout.loops() : 0)
                .boxed()
                .flatMap(loop -> Recorder.read(region, layout.recorder(slot, seat, loop), loop).stream())
                .sorted(Comparator.comparing(Flight::isFinished)
                        .thenComparingLong(flight -> flight.isFinished() ? -flight.endedNanos() : flight.begunNanos()))
                .toList();
    }

    private Counts counts(List<Long> sections) {
        var sums = new long[Counter.values().length];
        for (long section : sections) {
            for (var counter : Counter.values()) {
                int i = counter.index();
                sums[i] = counter.plus(sums[i], region.getOpaque(section + RegionLayout.counter(counter)));
            }
        }
        Arrays.setAll(sums, i -> Math.clamp(sums[i], 0, MAX));
        return new Counts(sums);
    }
}
