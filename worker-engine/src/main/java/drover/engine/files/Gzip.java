package drover.engine.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses content, RFC 1952. Its header names no time, so equal contents have equal bytes in all workers. Takes some 30 ms
 * for a mebibyte, so it runs on file threads.
 */
final class Gzip {

    /** Less than this fits a packet or two anyhow. */
    private static final int SMALLEST = 1024;

    private static final int LEVEL = 6;
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final short MAGIC = 0x1f8b;
    private static final byte DEFLATE = 8;
    private static final byte UNKNOWN_SYSTEM = (byte) 255;

    private Gzip() {}

    /** The content compressed, held by the caller; empty if that would not make it smaller. */
    static Optional<Body> compress(ByteBuffer content) throws IOException {
        int size = content.capacity();
        if (size < SMALLEST) {
            return Optional.empty();
        }
        var compressed = ByteBuffer.allocate(size - 1);
        compressed.putShort(MAGIC).put(DEFLATE).position(HEADER_BYTES - 1).put(UNKNOWN_SYSTEM);
        boolean fits = deflate(content.duplicate(), compressed) && compressed.remaining() >= TRAILER_BYTES;
        if (!fits) {
            return Optional.empty();
        }
        compressed
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(checksum(content.duplicate()))
                .putInt(size);
        compressed.flip();
        var body = Body.ofSize(compressed.remaining());
        body.bytes().duplicate().put(compressed);
        return Optional.of(body);
    }

    /** False if the output has no room for all of it. */
    private static boolean deflate(ByteBuffer input, ByteBuffer output) {
        var deflater = new Deflater(LEVEL, /* nowrap= */ true);
        try {
            deflater.setInput(input);
            deflater.finish();
            while (!deflater.finished() && output.hasRemaining()) {
                deflater.deflate(output);
            }
            return deflater.finished();
        } finally {
            deflater.end();
        }
    }

    private static int checksum(ByteBuffer content) {
        var checksum = new CRC32();
        checksum.update(content);
        return (int) checksum.getValue();
    }
}
