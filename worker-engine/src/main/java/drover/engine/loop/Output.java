package drover.engine.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What one connection still has to send, in order: bytes, then the rest of a cached file, then a slice of an open one.
 * Empty for nearly all connections nearly all the time, because one write takes everything. Owned by the connection.
 */
final class Output {

    /** What one turn may send of a file before the loop's other connections have theirs. */
    private static final long SLICE = 2 << 20;

    private final SocketChannel channel;
    /** What the socket did not take of the loop's buffer, copied. */
    private @Nullable ByteBuffer bytes;
    /** What it did not take of a cached file. */
    private @Nullable ByteBuffer body;
    /** The open file that goes next, owned until it is sent or the connection closes. */
    private @Nullable FileChannel file;

    private long position;
    private long end;

    Output(SocketChannel channel) {
        this.channel = channel;
    }

    boolean isEmpty() {
        return bytes == null && body == null && file == null;
    }

    /** Sends a buffer from its position to its limit, which is free again afterwards; returns the bytes the socket took. */
    long send(ByteBuffer buffer) throws IOException {
        long sent = channel.write(buffer);
        keep(buffer);
        return sent;
    }

    /** Sends a buffer, then a cached file's content, in one call. */
    long send(ByteBuffer buffer, ByteBuffer content) throws IOException {
        var rest = content.duplicate();
        long sent = channel.write(new ByteBuffer[] {buffer, rest});
        keep(buffer);
        body = rest.hasRemaining() ? rest : null;
        return sent;
    }

    private void keep(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            bytes = ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
        }
    }

    /** Appends an open file; the channel is closed when it is sent. */
    void append(FileChannel opened, long size) {
        file = opened;
        position = 0;
        end = size;
    }

    /**
     * Goes on sending, a bounded part of it.
     *
     * @return the bytes the socket took; 0 means that it is full
     * @throws IOException if the connection broke, or the file became shorter than its announced length
     */
    long resume() throws IOException {
        if (bytes != null || body != null) {
            return resumeBytes();
        }
        return file == null ? 0 : resumeFile(file);
    }

    private long resumeBytes() throws IOException {
        long sent = 0;
        if (bytes != null) {
            sent = channel.write(bytes);
            if (bytes.hasRemaining()) {
                return sent;
            }
            bytes = null;
        }
        if (body != null) {
            sent += channel.write(body);
            if (!body.hasRemaining()) {
                body = null;
            }
        }
        return sent;
    }

    private long resumeFile(FileChannel opened) throws IOException {
        long sent = opened.transferTo(position, Math.min(SLICE, end - position), channel);
        if (sent == 0 && position < end && opened.size() < end) {
            throw new IOException("the file became shorter while it was sent");
        }
        position += sent;
        if (position == end) {
            opened.close();
            file = null;
        }
        return sent;
    }

    /** Lets go of what was not sent. */
    void drop() throws IOException {
        bytes = null;
        body = null;
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
