package drover.engine.stats;

/**
 * Where everything lies in the statistics region. Pure arithmetic: every offset is derived from the ones before it.
 *
 * <pre>
 *   offset             bytes  what                                            who writes
 *        0               256  file header, its magic last                     admin
 *      256              1024  master section                                  the master
 *     1280          seatSize  slot 1, seat 0                                  the worker that holds the seat
 *          + seatSize         slot 1, seat 1                                  its successor
 *          + seatSize         slot 2, seat 0 …
 *
 *   seat:        256          seat head                                       the worker's main thread
 *               1024          section 0, housekeeping                         the same
 *            256 × V          names of the V virtual hosts that are counted   the worker, under its lock
 *                  L times, one for each event loop:                          that loop's thread
 *               1024            section
 *             122880            flight recorder
 *           6272 × V            a block for each virtual host
 *
 *   section:     128          heartbeat
 *                896          112 counters of 8 bytes, in the order of {@link Counter}
 * </pre>
 *
 * A slot is a worker's place, 1 to {@link #SLOTS}, and the number people see. It has two seats, so that a successor can
 * count while its predecessor drains; a slot's total is the sum over its seats. All numbers are 64-bit, in the byte
 * order of the machine, 8-byte aligned; whatever has a writer of its own is a multiple of 128 bytes, so that no two writers
 * share a cache line or the neighbour that the prefetcher brings along. Only slots that were ever used have memory.
 *
 * @param loops event loops per worker, 1 to {@link #MAX_LOOPS}
 * @param vhosts virtual hosts that are counted by name, and one more for all others; 1 to {@link #MAX_VHOSTS}
 */
public record RegionLayout(int loops, int vhosts) {

    /** "DROVER" and two zero bytes, read as a little-endian number; written last. */
    public static final long MAGIC = 0x0000_5245_564f_5244L;

    /** Readers refuse any other. */
    public static final long VERSION = 2;

    public static final int SLOTS = 64;
    public static final int SEATS = 2;
    public static final int MAX_LOOPS = 64;
    public static final int MAX_VHOSTS = 1000;
    public static final int COUNTER_CAPACITY = 112;

    public static final int HEADER_MAGIC = 0;
    public static final int HEADER_VERSION = HEADER_MAGIC + 8;
    public static final int HEADER_SLOTS = HEADER_VERSION + 8;
    public static final int HEADER_LOOPS = HEADER_SLOTS + 8;
    public static final int HEADER_COUNTER_CAPACITY = HEADER_LOOPS + 8;
    public static final int HEADER_FILE_SIZE = HEADER_COUNTER_CAPACITY + 8;
    /** Milliseconds since the epoch. */
    public static final int HEADER_CREATED_AT = HEADER_FILE_SIZE + 8;
    /** The kernel's boot id, 128 bits: monotonic times and pids mean nothing after a reboot. */
    public static final int HEADER_BOOT_ID = HEADER_CREATED_AT + 8;

    public static final int HEADER_VHOSTS = HEADER_BOOT_ID + 16;
    /** A bit for each slot that has memory, the lowest for slot 1. */
    public static final int HEADER_SLOTS_IN_USE = HEADER_VHOSTS + 8;

    public static final int HEADER_SIZE = 256;

    /** A number that grows with every turn of the loop that owns the section. */
    public static final int SECTION_TURNS = 0;
    /** CLOCK_MONOTONIC in nanoseconds, at the last turn. */
    public static final int SECTION_HEARTBEAT = SECTION_TURNS + 8;

    public static final int SECTION_COUNTERS = 128;
    public static final int SECTION_SIZE = SECTION_COUNTERS + COUNTER_CAPACITY * 8;

    /** One of {@link SeatState}'s codes. */
    public static final int SEAT_STATE = 0;

    public static final int SEAT_PID = SEAT_STATE + 8;
    /** Milliseconds since the epoch. */
    public static final int SEAT_STARTED_AT = SEAT_PID + 8;

    public static final int SEAT_HEAD_SIZE = 256;

    /** Its length in bytes, 8 bytes, written last; then as many bytes of ASCII. */
    public static final int VHOST_NAME_SIZE = 256;

    public static final int MASTER_SECTION = HEADER_SIZE;
    public static final int FIRST_SEAT = MASTER_SECTION + SECTION_SIZE;

    public RegionLayout {
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException("event loops must be 1 to " + MAX_LOOPS + ", not " + loops);
        }
        if (vhosts < 1 || vhosts > MAX_VHOSTS) {
            throw new IllegalArgumentException("virtual hosts must be 1 to " + MAX_VHOSTS + ", not " + vhosts);
        }
    }

    private long loopSize() {
        return SECTION_SIZE + Recorder.SIZE + (long) vhosts * VhostBlock.SIZE;
    }

    public long seatSize() {
        return SEAT_HEAD_SIZE + SECTION_SIZE + (long) vhosts * VHOST_NAME_SIZE + loops * loopSize();
    }

    /** Bytes that a slot takes. */
    public long slotSize() {
        return SEATS * seatSize();
    }

    /** Where a seat begins; slots are 1 to {@link #SLOTS}, seats 0 and 1. */
    public long seat(int slot, int seat) {
        if (slot < 1 || slot > SLOTS || seat < 0 || seat >= SEATS) {
            throw new IllegalArgumentException("no slot " + slot + " seat " + seat + " in the statistics region");
        }
        return FIRST_SEAT + (slot - 1) * slotSize() + seat * seatSize();
    }

    public long housekeepingSection(int slot, int seat) {
        return seat(slot, seat) + SEAT_HEAD_SIZE;
    }

    /** Where the name of virtual host 0 to {@link #vhosts} − 1 lies; the first is that of all that are not counted by name. */
    public long vhostName(int slot, int seat, int vhost) {
        if (vhost < 0 || vhost >= vhosts) {
            throw new IllegalArgumentException("no virtual host " + vhost + " among " + vhosts);
        }
        return housekeepingSection(slot, seat) + SECTION_SIZE + (long) vhost * VHOST_NAME_SIZE;
    }

    /** Where the section of event loop 0 to {@link #loops} − 1 begins. */
    public long loopSection(int slot, int seat, int loop) {
        if (loop < 0 || loop >= loops) {
            throw new IllegalArgumentException("no event loop " + loop + " among " + loops);
        }
        return housekeepingSection(slot, seat) + SECTION_SIZE + (long) vhosts * VHOST_NAME_SIZE + loop * loopSize();
    }

    /** Where the flight recorder of an event loop begins. */
    public long recorder(int slot, int seat, int loop) {
        return loopSection(slot, seat, loop) + SECTION_SIZE;
    }

    /** Where an event loop counts what it does for a virtual host. */
    public long vhostBlock(int slot, int seat, int loop, int vhost) {
        if (vhost < 0 || vhost >= vhosts) {
            throw new IllegalArgumentException("no virtual host " + vhost + " among " + vhosts);
        }
        return recorder(slot, seat, loop) + Recorder.SIZE + (long) vhost * VhostBlock.SIZE;
    }

    /** Relative to the section's start. */
    public static int counter(Counter counter) {
        return SECTION_COUNTERS + counter.index() * 8;
    }

    /** With all slots, most of which have no memory. */
    public long fileSize() {
        return FIRST_SEAT + SLOTS * slotSize();
    }
}
