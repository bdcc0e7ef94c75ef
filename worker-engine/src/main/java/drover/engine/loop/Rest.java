package drover.engine.loop;

import drover.engine.files.OpenFile;
import drover.engine.http.ByteRange;
import drover.engine.http.ByteRanges;
import drover.engine.posix.Posix;
import drover.engine.respond.Delivery.Part;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a connection has not sent when it changes hands, in order: bytes, a stretch of a file, further parts of the file.
 *
 * <pre>
 *   bytes  field
 *     4+n  bytes
 *       8  first byte of the stretch
 *       8  end of the stretch
 *       4  number of parts; then for each
 *     4+n    what goes before its stretch
 *       8    first byte of its stretch
 *       8    end of its stretch
 * </pre>
 *
 * @param bytes never changed
 * @param stretch of the file, maybe of no length
 * @param file whose descriptor travels; the sender's output holds it, the receiver owns it
 */
@SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
record Rest(byte[] bytes, ByteRange stretch, List<Part> parts, Optional<OpenFile> file) {

    static final ByteRange NOTHING = new ByteRange(0, 0);

    /** All parts, and what ends them. */
    private static final int MOST_PARTS = ByteRanges.MAX_RANGES + 1;

    void write(DataOutputStream out) throws IOException {
        Luggage.write(out, bytes);
        write(out, stretch);
        out.writeInt(parts.size());
        for (var part : parts) {
            Luggage.write(out, part.before());
            write(out, part.range());
        }
    }

    private static void write(DataOutputStream out, ByteRange range) throws IOException {
        out.writeLong(range.first());
        out.writeLong(range.end());
    }

    /** Reads one whose stretches lie all in the file. */
    static Rest read(DataInputStream in, Optional<OpenFile> file) throws IOException {
        long size = file.isPresent() ? size(file.get()) : 0;
        var bytes = Luggage.readBytes(in);
        var stretch = readRange(in, size);
        int count = in.readInt();
        if (count < 0 || count > MOST_PARTS || (count > 0 && file.isEmpty())) {
            throw new IOException(count + " parts of " + (file.isEmpty() ? "no file" : "a file"));
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < count; i++) {
            parts.add(new Part(Luggage.readBytes(in), readRange(in, size)));
        }
        return new Rest(bytes, stretch, List.copyOf(parts), file);
    }

    private static long size(OpenFile file) throws IOException {
        var status = Posix.status(file.fd());
        if (status.isEmpty() || !status.get().regular()) {
            throw new IOException("what is to be sent is no regular file");
        }
        return status.get().size();
    }

    private static ByteRange readRange(DataInputStream in, long size) throws IOException {
        var range = new ByteRange(in.readLong(), in.readLong());
        if (range.first() < 0 || range.first() > range.end() || range.end() > size) {
            throw new IOException("bytes " + range.first() + " to " + range.end() + " of a file of " + size);
        }
        return range;
    }
}
