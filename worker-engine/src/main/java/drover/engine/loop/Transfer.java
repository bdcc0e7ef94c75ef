package drover.engine.loop;

import drover.engine.accesslog.Served;
import drover.engine.files.OpenFile;
import drover.engine.http.ContentCoding;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;

/**
 * A response that is on its way when its connection changes hands: what is left of it, and what its log line will say. Or
 * the end of responses that were all logged, of which no more is known.
 *
 * <pre>
 *   bytes  field
 *       1  1 if the connection ends with it, 2 if unread bytes are then thrown away for a while
 *       2  status code, or 0 if the responses were logged
 *       8  bytes of the body that the socket took; below 0 if a part of the head is left
 *       8  when its request's first byte was seen, CLOCK_MONOTONIC ns, or 0
 *       8  when its own first byte was sent, likewise
 *       1  what the cache had to do with it, 0…2
 *       1  coding, 0…3
 *     4+n  whom the client says that it is
 *     4+n  head of the request, nothing if the responses were logged
 *       …  what is left of it: {@link Rest}
 * </pre>
 *
 * @param head never changed
 */
@SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
record Transfer(
        int status, boolean closes, boolean lingers, long bodyBytes, Served.Begun begun, byte[] head, Rest rest) {

    private static final int CLOSES = 1;
    private static final int LINGERS = 2;

    boolean isLogged() {
        return status == 0;
    }

    @SuppressWarnings("EnumOrdinal") // workers of one version speak to each other, and others are refused
    void write(DataOutputStream out) throws IOException {
        out.writeByte((closes ? CLOSES : 0) | (lingers ? LINGERS : 0));
        out.writeShort(status);
        out.writeLong(bodyBytes);
        out.writeLong(begun.begunNanos());
        out.writeLong(begun.firstByteNanos());
        out.writeByte(begun.cache().ordinal());
        out.writeByte(begun.coding().ordinal());
        Luggage.write(out, begun.user());
        Luggage.write(out, head);
        rest.write(out);
    }

    /** Reads one that can be gone on with, but for its head, which a parser must look at. */
    static Transfer read(DataInputStream in, Optional<OpenFile> file) throws IOException {
        int flags = in.readByte();
        int status = in.readShort();
        if (status != 0 && (status < 200 || status > 599)) {
            throw new IOException("a response with status " + status);
        }
        long bodyBytes = in.readLong();
        long begunNanos = in.readLong();
        long firstByteNanos = in.readLong();
        var cache = one(Served.Cache.values(), in.readByte());
        var coding = one(ContentCoding.values(), in.readByte());
        var begun = new Served.Begun(begunNanos, firstByteNanos, cache, coding, Luggage.readBytes(in));
        var head = Luggage.readBytes(in);
        if (status == 0 && head.length > 0) {
            throw new IOException("a request of a response that was logged");
        }
        var rest = Rest.read(in, file);
        if (bodyBytes < -rest.bytes().length) {
            throw new IOException(-bodyBytes + " bytes of a head in " + rest.bytes().length);
        }
        return new Transfer(status, (flags & CLOSES) != 0, (flags & LINGERS) != 0, bodyBytes, begun, head, rest);
    }

    private static <E> E one(E[] all, int number) throws IOException {
        if (number < 0 || number >= all.length) {
            throw new IOException("number " + number + " of " + all.length);
        }
        return all[number];
    }
}
