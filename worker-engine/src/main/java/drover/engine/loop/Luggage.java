package drover.engine.loop;

import drover.engine.files.OpenFile;
import drover.engine.lane.Handover;
import drover.engine.lane.Stage;
import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What travels with a connection besides its socket, in a file in memory, so that it may be of any length; and an open file,
 * if one is being sent. Another worker wrote it, perhaps one of another version: what does not fit, to the last byte, is an
 * {@link IOException}.
 *
 * <pre>
 *   bytes  field, numbers with their highest byte first
 *       1  version, 2
 *       1  1 if a request was answered on the connection before
 *     4+n  length, and input: bytes that were read and not yet answered
 *     4+n  length, and source: the address that a PROXY header named, which will not come again; 4 or 16 bytes, or none
 *       …  if a response is on its way: {@link Transfer}
 * </pre>
 *
 * @param answered whether a request was answered on the connection before
 * @param input never changed
 * @param source never changed
 */
@SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
record Luggage(boolean answered, byte[] input, byte[] source, Optional<Transfer> transfer) {

    private static final int VERSION = 2;
    private static final int MOST = 4 << 20;
    private static final byte[] NOTHING = {};

    /** Whether nothing is in it that a record on a lane does not say. */
    boolean isEmpty() {
        return input.length == 0 && source.length == 0 && transfer.isEmpty();
    }

    /** The descriptors that go with the socket's: the file is the caller's, see {@link #close}. Nothing if there is no room for it. */
    Optional<int[]> pack(int socket) {
        int fd = Posix.memoryFile("connection", bytes());
        if (fd < 0) {
            return Optional.empty();
        }
        var file = transfer.flatMap(response -> response.rest().file());
        return Optional.of(file.isPresent() ? new int[] {socket, fd, file.get().fd()} : new int[] {socket, fd});
    }

    private byte[] bytes() {
        var packed = new ByteArrayOutputStream();
        var out = new DataOutputStream(packed);
        try {
            out.writeByte(VERSION);
            out.writeBoolean(answered);
            write(out, input);
            write(out, source);
            if (transfer.isPresent()) {
                transfer.get().write(out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("cannot write to memory", impossible);
        }
        return packed.toByteArray();
    }

    /** The file was sent: copies of it are on their way. */
    static void close(Handover handover) {
        if (handover.descriptors().length > 1) {
            Posix.close(handover.descriptors()[1]);
        }
    }

    /** Nobody goes on with the connection: closes all but its socket. */
    static void drop(Handover handover) {
        IntStream.of(handover.descriptors()).skip(1).forEach(Posix::close);
    }

    // ---- what came

    /** Unpacks what came with a connection; of its descriptors, all but the socket's are closed, or the luggage's. */
    static Luggage unpack(Handover handover) throws IOException {
        int[] descriptors = handover.descriptors();
        if (descriptors.length == 1 && handover.stage() != Stage.RESPONSE) {
            return new Luggage(handover.stage() == Stage.IDLE, NOTHING, NOTHING, Optional.empty());
        }
        var file = descriptors.length > 2
                ? Optional.of(new OpenFile(Adoption.file(descriptors[2])))
                : Optional.<OpenFile>empty();
        try {
            if (descriptors.length < 2) {
                throw new IOException("nothing is said of the response");
            }
            return read(handover.stage(), content(descriptors[1]), file);
        } catch (IOException broken) {
            if (file.isPresent()) {
                file.get().release();
            }
            throw broken;
        }
    }

    private static byte[] content(int fd) throws IOException {
        try (var file = Adoption.file(fd)) {
            long size = file.size();
            if (size > MOST) {
                throw new IOException("luggage of " + size + " bytes");
            }
            var content = ByteBuffer.allocate((int) size);
            while (content.hasRemaining() && file.read(content, content.position()) > 0) {
                // until all of it is read
            }
            return Arrays.copyOf(content.array(), content.position());
        }
    }

    private static Luggage read(Stage stage, byte[] content, Optional<OpenFile> file) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(content));
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("luggage of version " + version);
        }
        boolean answered = in.readBoolean();
        var input = readBytes(in);
        var source = readBytes(in);
        if (source.length != 0 && source.length != 4 && source.length != 16) {
            throw new IOException("an address of " + source.length + " bytes");
        }
        var transfer = stage == Stage.RESPONSE ? Optional.of(Transfer.read(in, file)) : Optional.<Transfer>empty();
        if (in.available() > 0 || (file.isPresent() && transfer.isEmpty())) {
            throw new IOException("more luggage than one of its stage has");
        }
        return new Luggage(answered, input, source, transfer);
    }

    // ---- bytes with their length before them

    static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException(length + " bytes of luggage where " + in.available() + " are left");
        }
        return in.readNBytes(length);
    }
}
