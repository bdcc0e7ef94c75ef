package drover.engine.stats;

import java.util.Arrays;

/**
 * What one event loop counts for one virtual host; only its thread writes.
 *
 * <pre>
 *   offset  bytes  what
 *        0    768  requests: 3 methods (GET, HEAD, any other) × 32 status codes
 *      768    256  nothing yet
 *     1024   2048  time to first byte: a number for each bucket of {@link Buckets#TIMES}; the last is the sum in ns
 *     3072   2048  total time, likewise
 *     5120   1152  bytes of bodies: a number for each bucket of {@link Buckets#SIZES}; the last is the sum
 * </pre>
 */
public final class VhostBlock {

    /**
     * Status codes in the order in which they lie in a block; 0 stands for any that is not here. Append only, to 32.
     */
    static final int[] CODES = {
        0, 200, 204, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 408, 412, 413, 414, 416, 431, 500, 501, 503,
        505
    };

    private static final int CODE_CAPACITY = 32;
    private static final int METHODS = 3;
    private static final int TIMES_CAPACITY = 256;
    private static final int SIZES_CAPACITY = 144;

    private static final int FIRST_BYTE = 1024;
    private static final int TOTAL = FIRST_BYTE + TIMES_CAPACITY * 8;
    private static final int BYTES = TOTAL + TIMES_CAPACITY * 8;
    static final int SIZE = BYTES + SIZES_CAPACITY * 8;

    private static final byte[] CODE_INDEX = codeIndex();

    private final Region region;
    private final long start;

    VhostBlock(Region region, long start) {
        this.region = region;
        this.start = start;
    }

    /** The methods that are told apart. */
    public enum Verb {
        GET,
        HEAD,
        OTHER;

        private static final Verb[] ALL = values();

        @SuppressWarnings("EnumOrdinal") // the place in the block: append only
        int index() {
            return ordinal();
        }
    }

    private static byte[] codeIndex() {
        var index = new byte[600];
        for (int i = 0; i < CODES.length; i++) {
            index[CODES[i]] = (byte) i;
        }
        return index;
    }

    /**
     * Counts an answer that is over.
     *
     * @param bodyBytes that went out, without the head
     */
    public void count(Verb verb, int status, long firstByteNanos, long totalNanos, long bodyBytes) {
        int code = status >= 0 && status < CODE_INDEX.length ? CODE_INDEX[status] : 0;
        add(start + (long) (verb.index() * CODE_CAPACITY + code) * 8, 1);
        add(start + FIRST_BYTE + Buckets.TIMES.of(firstByteNanos) * 8L, 1);
        add(start + FIRST_BYTE + (TIMES_CAPACITY - 1) * 8L, Math.max(0, firstByteNanos));
        add(start + TOTAL + Buckets.TIMES.of(totalNanos) * 8L, 1);
        add(start + TOTAL + (TIMES_CAPACITY - 1) * 8L, Math.max(0, totalNanos));
        add(start + BYTES + Buckets.SIZES.of(bodyBytes) * 8L, 1);
        add(start + BYTES + (SIZES_CAPACITY - 1) * 8L, Math.max(0, bodyBytes));
    }

    private void add(long at, long amount) {
        region.setOpaque(at, region.getOpaque(at) + amount);
    }

    // ---- reading

    static VhostReading read(Region region, String name, long start) {
        var requests = new long[METHODS][CODES.length];
        for (var verb : Verb.ALL) {
            var ofVerb = requests[verb.index()];
            Arrays.setAll(ofVerb, i -> clamped(region, start + (long) (verb.index() * CODE_CAPACITY + i) * 8));
        }
        return new VhostReading(
                name,
                requests,
                histogram(region, start + FIRST_BYTE, Buckets.TIMES, TIMES_CAPACITY),
                histogram(region, start + TOTAL, Buckets.TIMES, TIMES_CAPACITY),
                histogram(region, start + BYTES, Buckets.SIZES, SIZES_CAPACITY));
    }

    private static Histogram histogram(Region region, long at, Buckets buckets, int capacity) {
        var counts = new long[buckets.count()];
        Arrays.setAll(counts, i -> clamped(region, at + i * 8L));
        return new Histogram(buckets, counts, clamped(region, at + (capacity - 1) * 8L));
    }

    private static long clamped(Region region, long at) {
        return Math.clamp(region.getOpaque(at), 0, RegionReader.MAX);
    }
}
