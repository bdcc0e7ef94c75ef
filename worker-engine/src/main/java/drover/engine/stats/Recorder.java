package drover.engine.stats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The flight recorder of one event loop: the requests that it is at, and the last ones that it has finished. It can be read
 * while the loop turns, hangs or is long dead. Only the loop's thread writes.
 *
 * <pre>
 *   bytes  field of an entry; a recorder is {@link #PARKED} of requests that take longer and a ring of {@link #RING}
 *       8  version: odd while the entry is being written
 *       8  when the request's first byte was seen, CLOCK_MONOTONIC ns
 *       8  when the answer was over, likewise; 0 until then
 *       8  bytes of the body so far
 *       8  number of the connection
 *       8  from the lowest byte: {@link Flight.Phase}, status code (2), lengths of method, client, host, path, whether there is a query
 *       8  when the phase began, CLOCK_MONOTONIC ns
 *       8  method
 *      48  the client's address as text
 *      48  Host as it was sent
 *     160  path as it was sent, without its query
 * </pre>
 *
 * A request is written into the next entry of the ring when it is begun, because it may be the last thing that this loop
 * does, and finished in the same place. If it takes longer than the turn, it is moved to where requests wait, until it is over. If there
 * is no room for it there, it is not seen until it is finished.
 */
public final class Recorder {

    static final int PARKED = 128;
    static final int RING = 256;

    private static final int ATTEMPTS = 100;

    private static final int VERSION = 0;
    private static final int BEGUN = 8;
    private static final int ENDED = 16;
    private static final int BYTES = 24;
    private static final int CONNECTION = 32;
    private static final int FACTS = 40;
    private static final int SINCE = 48;
    private static final int METHOD = 56;
    private static final int METHOD_BYTES = 8;
    private static final int CLIENT = METHOD + METHOD_BYTES;
    private static final int CLIENT_BYTES = 48;
    private static final int HOST = CLIENT + CLIENT_BYTES;
    private static final int HOST_BYTES = 48;
    private static final int PATH = HOST + HOST_BYTES;
    private static final int PATH_BYTES = 160;
    private static final int ENTRY = PATH + PATH_BYTES;

    static final int SIZE = (PARKED + RING) * ENTRY;

    /** No request is recorded. */
    public static final int NONE = -1;
    /** It lies at the head of the ring. */
    private static final int CURRENT = PARKED;

    private final Region region;
    private final long start;
    private final int[] free = new int[PARKED];
    private int freeCount;
    private int head;

    Recorder(Region region, long start) {
        this.region = region;
        this.start = start;
        for (int place = PARKED - 1; place >= 0; place--) {
            free[freeCount++] = place;
        }
    }

    /** Forgets what the last holder of the seat recorded. */
    void clear() {
        for (int place = 0; place < PARKED + RING; place++) {
            region.setOpaque(start + (long) place * ENTRY + FACTS, 0);
        }
    }

    private long at(int ticket) {
        return start + (long) (ticket == CURRENT ? PARKED + head : ticket) * ENTRY;
    }

    /**
     * A request is about to be answered. Places are in {@code input}, which may be longer than what is kept of it.
     *
     * @param query whether something follows the path, which is not recorded because it may be secret
     * @return its ticket, to be handed to the other methods until one of them ends it
     */
    public int begin(
            long connection,
            long begunNanos,
            byte[] client,
            byte[] input,
            int methodStart,
            int methodEnd,
            int hostStart,
            int hostEnd,
            int pathStart,
            int pathEnd,
            boolean query) {
        long at = at(CURRENT);
        int method = Math.clamp(methodEnd - methodStart, 0, METHOD_BYTES);
        int address = Math.min(client.length, CLIENT_BYTES);
        int host = Math.clamp(hostEnd - hostStart, 0, HOST_BYTES);
        int path = Math.clamp(pathEnd - pathStart, 0, PATH_BYTES);
        long version = open(at);
        region.setOpaque(at + FACTS, 0); // until it is whole, should this be the end of the process
        region.setOpaque(at + BEGUN, begunNanos);
        region.setOpaque(at + SINCE, begunNanos);
        region.setOpaque(at + ENDED, 0);
        region.setOpaque(at + BYTES, 0);
        region.setOpaque(at + CONNECTION, connection);
        region.setBytes(at + METHOD, input, methodStart, method);
        region.setBytes(at + CLIENT, client, 0, address);
        region.setBytes(at + HOST, input, hostStart, host);
        region.setBytes(at + PATH, input, pathStart, path);
        region.setOpaque(
                at + FACTS,
                Flight.Phase.ANSWERING.code()
                        | (long) method << 24
                        | (long) address << 32
                        | (long) host << 40
                        | (long) path << 48
                        | (query ? 1L << 56 : 0));
        close(at, version);
        return CURRENT;
    }

    /** The request goes on later: its ticket from now on. */
    public int park(int ticket, Flight.Phase phase, long nanos) {
        if (ticket == NONE) {
            return NONE;
        }
        if (ticket != CURRENT) {
            enter(ticket, phase, nanos);
            return ticket;
        }
        int parked = NONE;
        if (freeCount > 0) {
            parked = free[--freeCount];
            move(at(CURRENT), at(parked), phase, nanos);
        }
        drop(CURRENT);
        return parked;
    }

    private void enter(int ticket, Flight.Phase phase, long nanos) {
        long at = at(ticket);
        long version = open(at);
        region.setOpaque(at + FACTS, (region.getOpaque(at + FACTS) & ~0xffL) | phase.code());
        region.setOpaque(at + SINCE, nanos);
        close(at, version);
    }

    private void move(long from, long to, Flight.Phase phase, long nanos) {
        long version = open(to);
        region.copy(from + 8, to + 8, ENTRY - 8);
        region.setOpaque(to + FACTS, (region.getOpaque(to + FACTS) & ~0xffL) | phase.code());
        region.setOpaque(to + SINCE, nanos);
        close(to, version);
    }

    /** More of the body is out, so many bytes in all. */
    public void progress(int ticket, long bytes) {
        if (ticket != NONE) {
            region.setOpaque(at(ticket) + BYTES, bytes);
        }
    }

    /** The answer is over. */
    public void end(int ticket, int status, long bytes, long nanos) {
        if (ticket == NONE) {
            return;
        }
        long at = at(CURRENT);
        if (ticket != CURRENT) {
            move(at(ticket), at, Flight.Phase.FINISHED, nanos);
            cancel(ticket);
        }
        long version = open(at);
        region.setOpaque(at + ENDED, nanos);
        region.setOpaque(at + SINCE, nanos);
        region.setOpaque(at + BYTES, bytes);
        region.setOpaque(
                at + FACTS,
                (region.getOpaque(at + FACTS) & ~0xff_ffffL) | Flight.Phase.FINISHED.code() | (long) status << 8);
        close(at, version);
        head = head + 1 == RING ? 0 : head + 1;
    }

    /** The request is nobody's business any more, or will be begun once more. */
    public void cancel(int ticket) {
        if (ticket == NONE) {
            return;
        }
        drop(ticket);
        if (ticket != CURRENT) {
            free[freeCount++] = ticket;
        }
    }

    private void drop(int ticket) {
        region.setOpaque(at(ticket) + FACTS, 0);
    }

    private long open(long at) {
        long version = region.getOpaque(at + VERSION) | 1;
        region.setOpaque(at + VERSION, version);
        Region.storeFence();
        return version;
    }

    private void close(long at, long version) {
        region.setRelease(at + VERSION, version + 1);
    }

    // ---- reading

    /** What a recorder holds, in no order. */
    static List<Flight> read(Region region, long start, int loop) {
        var flights = new ArrayList<Flight>();
        for (int place = 0; place < PARKED + RING; place++) {
            entry(region, start + (long) place * ENTRY, loop).ifPresent(flights::add);
        }
        return flights;
    }

    /** What changes while it is read is read once more; what is half-written and stays so, by a process that died, is told as it is. */
    private static Optional<Flight> entry(Region region, long at, int loop) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long version = region.getAcquire(at + VERSION);
            var flight = parsed(region, at, loop);
            Region.loadFence();
            boolean whole = (version & 1) == 0 || attempt == ATTEMPTS - 1;
            if (whole && region.getOpaque(at + VERSION) == version) {
                return flight;
            }
        }
        return Optional.empty();
    }

    private static Optional<Flight> parsed(Region region, long at, int loop) {
        long facts = region.getOpaque(at + FACTS);
        var phase = Flight.Phase.of((int) facts & 0xff);
        if (phase.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Flight(
                loop,
                phase.get(),
                (int) (facts >>> 8) & 0xffff,
                text(region, at + METHOD, facts >>> 24, METHOD_BYTES),
                text(region, at + CLIENT, facts >>> 32, CLIENT_BYTES),
                text(region, at + HOST, facts >>> 40, HOST_BYTES),
                text(region, at + PATH, facts >>> 48, PATH_BYTES) + (((facts >>> 56) & 1) == 1 ? "?…" : ""),
                clamped(region, at + CONNECTION),
                clamped(region, at + BYTES),
                region.getOpaque(at + BEGUN),
                region.getOpaque(at + ENDED),
                region.getOpaque(at + SINCE)));
    }

    private static long clamped(Region region, long at) {
        return Math.clamp(region.getOpaque(at), 0, RegionReader.MAX);
    }

    private static String text(Region region, long at, long length, int most) {
        int bytes = Math.min((int) length & 0xff, most);
        return new String(region.bytes(at, bytes), StandardCharsets.ISO_8859_1);
    }
}
