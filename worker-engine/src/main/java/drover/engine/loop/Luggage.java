package drover.engine.loop;

import drover.engine.lane.Handover;
import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What travels with a connection besides its socket, in a file in memory, so that it may be of any length. Another worker
 * wrote it, perhaps one of another version: what does not fit is an {@link IOException}.
 *
 * <pre>
 *   offset  bytes  field
 *        0      4  version, 1
 *        4      4  1 if a request was answered on the connection before
 *        8      4  length of the input
 *       12      4  length of the source: 4 or 16, or 0 for the peer
 *       16      n  input: bytes that were read and not yet answered
 *     16+n      m  source: the address that a PROXY header named, which will not come again
 * </pre>
 *
 * @param answered whether a request was answered on the connection before
 * @param input never changed
 * @param source never changed
 */
@SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
record Luggage(boolean answered, byte[] input, byte[] source) {

    private static final int VERSION = 1;
    private static final int HEAD = 16;
    private static final int MOST = 4 << 20;

    /** Packs it; the file is the caller's. Nothing if there are no descriptors or no memory for it. */
    Optional<Integer> pack() {
        var packed = ByteBuffer.allocate(HEAD + input.length + source.length)
                .order(ByteOrder.nativeOrder())
                .putInt(VERSION)
                .putInt(answered ? 1 : 0)
                .putInt(input.length)
                .putInt(source.length)
                .put(input)
                .put(source);
        int fd = Posix.memoryFile("connection", packed.array());
        return fd < 0 ? Optional.empty() : Optional.of(fd);
    }

    /** Unpacks and closes the file. */
    static Luggage unpack(int fd) throws IOException {
        try (var file = Adoption.file(fd)) {
            long size = file.size();
            if (size < HEAD || size > MOST) {
                throw new IOException("a connection was handed over with " + size + " bytes");
            }
            var packed = ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());
            while (packed.hasRemaining() && file.read(packed, packed.position()) > 0) {
                // until all of it is read
            }
            return read(packed.flip());
        } catch (BufferUnderflowException broken) {
            throw new IOException("a connection was handed over with too little", broken);
        }
    }

    private static Luggage read(ByteBuffer packed) throws IOException {
        int version = packed.getInt();
        if (version != VERSION) {
            throw new IOException("a connection was handed over in version " + version);
        }
        boolean answered = packed.getInt() != 0;
        int inputLength = packed.getInt();
        int sourceLength = packed.getInt();
        return new Luggage(answered, bytes(packed, inputLength), bytes(packed, sourceLength));
    }

    private static byte[] bytes(ByteBuffer packed, int length) throws IOException {
        if (length < 0 || length > packed.remaining()) {
            throw new IOException("a connection was handed over with " + length + " bytes that are not there");
        }
        var bytes = new byte[length];
        packed.get(bytes);
        return bytes;
    }

    /** The file was sent: copies of it are on their way. */
    static void close(Handover handover) {
        if (handover.descriptors().length > 1) {
            Posix.close(handover.descriptors()[1]);
        }
    }
}
