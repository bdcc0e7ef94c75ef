package drover.engine.accesslog;

import drover.engine.http.ContentCoding;
import java.nio.charset.StandardCharsets;

/**
 * What the log says of one answer beyond its request. Its connection owns it and uses it again for the next. Times are of
 * {@link System#nanoTime}.
 */
public final class Served {

    /** What the file cache had to do with an answer. */
    public enum Cache {
        NONE(""),
        HIT("hit"),
        MISS("miss");

        private final String text;

        Cache(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * What is known of an answer before it is over, for who ends it in another process.
     *
     * @param begunNanos 0 if no byte of a request was seen
     * @param firstByteNanos 0 if nothing was sent
     * @param user never changed
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
    public record Begun(long begunNanos, long firstByteNanos, Cache cache, ContentCoding coding, byte[] user) {}

    private static final byte[] NOBODY = {};

    private final long connection;
    private final byte[] remote;
    private byte[] client;
    private byte[] user = NOBODY;

    private boolean begun;
    private long begunNanos;
    private boolean firstByteSent;
    private long firstByteNanos;
    private long endedNanos;

    private Cache cache = Cache.NONE;
    private ContentCoding coding = ContentCoding.IDENTITY;
    private int status;
    private long bodyBytes;

    /**
     * Answers to one peer.
     *
     * @param connection its number
     * @param remote the peer's address as text, without a port
     */
    public Served(long connection, String remote) {
        this.connection = connection;
        this.remote = remote.getBytes(StandardCharsets.US_ASCII);
        this.client = this.remote;
    }

    /** Makes ready for the next answer. */
    public void clear() {
        begun = false;
        firstByteSent = false;
        cache = Cache.NONE;
        coding = ContentCoding.IDENTITY;
        user = NOBODY;
    }

    /** The first byte of the request was seen; what is said of later bytes does not count. */
    public void begin(long nanos) {
        if (!begun) {
            begun = true;
            begunNanos = nanos;
        }
    }

    /** Whom the request is of: its address as text, without a port. */
    public void client(byte[] address) {
        client = address;
    }

    /** Whom the client says that it is, where a site asked for a password; right or not. */
    public void user(byte[] name) {
        user = name;
    }

    public void cache(Cache had) {
        cache = had;
    }

    /** How the content is compressed that goes out, or, for HEAD, would. */
    public void coding(ContentCoding sent) {
        coding = sent;
    }

    /** The first bytes of the answer were handed to the kernel, if not all at once: then only {@link #end} is said. */
    public void firstByte(long nanos) {
        firstByteSent = true;
        firstByteNanos = nanos;
    }

    /** What another process must know to go on. */
    public Begun begun() {
        return new Begun(begun ? begunNanos : 0, firstByteSent ? firstByteNanos : 0, cache, coding, user);
    }

    /** Goes on with what began in another process, whose times are believed as far as they can be true. */
    public void goOn(Begun known, long nanos) {
        if (known.begunNanos() != 0) {
            begin(Math.clamp(known.begunNanos(), 0, nanos));
        }
        if (known.firstByteNanos() != 0) {
            firstByte(Math.clamp(known.firstByteNanos(), begunNanos, Math.max(begunNanos, nanos)));
        }
        cache = known.cache();
        coding = known.coding();
        user = known.user();
    }

    /** The answer is over. */
    public void end(int code, long bytes, long nanos) {
        status = code;
        bodyBytes = bytes;
        endedNanos = nanos;
    }

    // ---- for the line and the statistics

    /** When the request's first byte was seen; only after it was. */
    public long begunNanos() {
        return begunNanos;
    }

    /** When the answer was over. */
    public long endedNanos() {
        return endedNanos;
    }

    long connection() {
        return connection;
    }

    byte[] remote() {
        return remote;
    }

    byte[] client() {
        return client;
    }

    /** Empty for nobody. */
    byte[] user() {
        return user;
    }

    public int status() {
        return status;
    }

    public long bodyBytes() {
        return bodyBytes;
    }

    /** From the request's first byte until the answer was over. */
    public long durationNanos() {
        return endedNanos - begunNanos;
    }

    /** From the request's first byte until the answer's. */
    public long firstByteAfterNanos() {
        return (firstByteSent ? firstByteNanos : endedNanos) - begunNanos;
    }

    String cache() {
        return cache.text();
    }

    /** Its name, or nothing for content as it is. */
    String coding() {
        return coding == ContentCoding.IDENTITY ? "" : coding.token();
    }
}
