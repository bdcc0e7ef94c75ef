package drover.engine.loop;

import drover.engine.files.Body;
import drover.engine.files.Held;
import drover.engine.files.OpenFile;
import drover.engine.http.ByteRange;
import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import drover.engine.respond.Delivery.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one connection still has to send, in order: bytes, then the rest of a cached file, then a slice of an open one, then
 * the further parts of either.
 * Empty for nearly all connections nearly all the time, because one write takes everything. Owned by the connection.
 */
final class Output {

    /**
     * What one turn may send of a file before the loop's other connections have theirs: a file of a site in one call, and a
     * download in so many that it keeps nobody waiting for a millisecond.
     */
    private static final long SLICE = 2 << 20;

    /**
     * From so much of a file on, packets are only sent full until it is out. The kernel takes a file in pieces of 64 KiB,
     * and without that an acknowledgement that comes between two of them sends the last few bytes of the first alone; of
     * fewer pieces that costs less than the two calls.
     */
    private static final long CORKED = 256 << 10;

    /** A multiple of the size of a page on every machine. */
    private static final long LARGEST_PAGE = 64 << 10;

    private static final Queue<Part> NO_PARTS = new ArrayDeque<>(0);

    private final SocketChannel channel;
    private final int fd;
    /** What the socket did not take of the loop's buffer, copied. */
    private @Nullable ByteBuffer bytes;
    /** What it did not take of a cached file. */
    private @Nullable ByteBuffer body;
    /** What the content that goes next lies in, until it is sent or the connection closes. */
    private @Nullable Held held;
    /** The same, if it is an open file. */
    private @Nullable OpenFile file;

    private long position;
    private long end;
    /** Up to here the open file was read ahead, so that it is sent without another look. */
    private long readUpTo;

    private boolean waitsForDisk;
    private boolean corked;
    /** Further parts of the open file, or of {@link #content} if there is none. */
    private Queue<Part> parts = NO_PARTS;

    /** The cached file whose parts are being sent, until the last of them has begun. */
    private @Nullable ByteBuffer content;

    Output(SocketChannel channel) {
        this.channel = channel;
        this.fd = Adoption.number(channel);
    }

    boolean isEmpty() {
        return bytes == null && body == null && file == null && parts.isEmpty();
    }

    /**
     * Sends a buffer from its position to its limit, which is free again afterwards; returns the bytes the socket took. The
     * kernel keeps them for the packet in which a file's first bytes go, so that the client wakes once for both.
     */
    long send(ByteBuffer buffer) throws IOException {
        boolean fileFollows = file != null && position < end;
        if (fileFollows && end - position >= CORKED) {
            cork(true);
        }
        long sent = fileFollows ? taken(Posix.send(fd, buffer, Posix.MSG_MORE)) : channel.write(buffer);
        keep(buffer);
        return sent;
    }

    /**
     * Sends a buffer, then what of a cached file lies between position and limit, in one call; the body it lies in is let go
     * when it is sent.
     */
    long send(ByteBuffer buffer, Body source, ByteBuffer content) throws IOException {
        held = source;
        body = content.duplicate();
        long sent = channel.write(new ByteBuffer[] {buffer, body});
        keep(buffer);
        body = body.hasRemaining() ? body : null;
        releaseIfSent();
        return sent;
    }

    private void keep(ByteBuffer buffer) {
        if (buffer.hasRemaining()) {
            bytes = ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
        }
    }

    /** Appends a stretch of an open file, which is let go when it is sent. */
    void append(OpenFile opened, ByteRange range) {
        held = opened;
        file = opened;
        position = range.first();
        end = range.end();
        readUpTo = 0;
    }

    /** Appends parts of an open file, which is let go when they are sent. */
    void append(OpenFile opened, List<Part> added) {
        append(opened, new ByteRange(0, 0));
        parts = new ArrayDeque<>(added);
    }

    /** Appends parts of a cached file, whose body is let go when they are sent. */
    void append(Body cached, List<Part> added) {
        held = cached;
        content = cached.bytes();
        parts = new ArrayDeque<>(added);
    }

    /** Whether it goes on only when the open file's next stretch was read: {@link #readAhead}. */
    boolean waitsForDisk() {
        return waitsForDisk;
    }

    /** The stretch that must be read; its file is held once more, for whoever reads it. */
    Stretch readAhead() {
        var opened = file;
        if (opened == null || !opened.hold()) {
            throw new IllegalStateException("no open file waits for the disk");
        }
        waitsForDisk = false;
        long count = slice();
        readUpTo = position + count;
        return new Stretch(opened, position, count);
    }

    /** A stretch of an open file, which the owner lets go. */
    record Stretch(OpenFile file, long position, long count) {}

    /**
     * Goes on sending, a bounded part of it.
     *
     * @return the bytes the socket took; 0 means that it is full, or that it {@link #waitsForDisk}
     * @throws IOException if the connection broke, or the file became shorter than its announced length
     */
    long resume() throws IOException {
        long sent = 0;
        do {
            if (isBetweenParts()) {
                beginPart();
            }
            sent += resumeBytes();
            if (file != null && bytes == null) {
                sent += resumeFile(file);
            }
        } while (isBetweenParts() && sent < SLICE && !waitsForDisk);
        if (corked && isEmpty()) {
            cork(false);
        }
        return sent;
    }

    /** What does not work costs some packets more and nothing else; a connection that broke says so when it is written to. */
    private void cork(boolean on) {
        corked = on;
        Posix.cork(fd, on);
    }

    private boolean isBetweenParts() {
        return bytes == null && body == null && position == end && !parts.isEmpty();
    }

    private void beginPart() throws IOException {
        var part = parts.remove();
        bytes = ByteBuffer.wrap(part.before());
        var range = part.range();
        if (file != null) {
            position = range.first();
            end = range.end();
        } else if (content != null) {
            body = range.length() > 0 ? stretch(content, range) : null;
            content = parts.isEmpty() ? null : content;
        }
        releaseIfSent();
    }

    /** A stretch of a cached file between position and limit, where it lies. */
    static ByteBuffer stretch(ByteBuffer content, ByteRange range) {
        return content.duplicate().limit((int) range.end()).position((int) range.first());
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
                releaseIfSent();
            }
        }
        return sent;
    }

    private long resumeFile(OpenFile opened) throws IOException {
        long count = slice();
        if (count > 0 && position >= readUpTo && !opened.isInMemory(position, count)) {
            waitsForDisk = true;
            return 0;
        }
        long sent = count > 0 ? transfer(opened, count) : 0;
        if (sent == 0 && position < end && opened.channel().size() < end) {
            throw new IOException("the file became shorter while it was sent");
        }
        position += sent;
        releaseIfSent();
        return sent;
    }

    /**
     * How much of the file is sent at once. It ends where a page does, for a full socket may have taken the last one in part:
     * from there on each page would go in two pieces, and 64 KiB in more than the kernel puts into one packet.
     */
    private long slice() {
        long aligned = (position + SLICE) / LARGEST_PAGE * LARGEST_PAGE;
        return Math.min(aligned, end) - position;
    }

    /** The kernel's own call: the JDK's makes two more, for each slice, that can never succeed with a socket. */
    private long transfer(OpenFile opened, long count) throws IOException {
        long sent = Posix.sendfile(fd, opened.fd(), position, count);
        return sent == -Posix.EINVAL || sent == -Posix.ENOSYS // a file system that cannot: the JDK copies
                ? opened.channel().transferTo(position, count, channel)
                : taken(sent);
    }

    /** What a call says the socket took; 0 if it is full. */
    private static long taken(long result) throws IOException {
        if (result >= 0) {
            return result;
        }
        if (result == -Posix.EAGAIN || result == -Posix.EINTR) {
            return 0;
        }
        throw new IOException("cannot send: errno " + -result);
    }

    private void releaseIfSent() throws IOException {
        if (body == null && position == end && parts.isEmpty()) {
            release();
        }
    }

    private void release() throws IOException {
        var sent = held;
        held = null;
        file = null;
        if (sent != null) {
            sent.release();
        }
    }

    // ---- to another worker, and from one

    /** What is not sent yet, which stays here; nothing if it cannot be given to another process. */
    Optional<Rest> rest() {
        var first = bytes == null ? new byte[0] : new byte[bytes.remaining()];
        if (bytes != null) {
            bytes.duplicate().get(first);
        }
        var next = body == null ? new ByteRange(position, end) : new ByteRange(body.position(), body.limit());
        var stretch = next.length() > 0 ? next : Rest.NOTHING;
        if (held == null) {
            return Optional.of(new Rest(first, stretch, List.copyOf(parts), Optional.empty()));
        }
        var source = held instanceof Body cached ? cached.file() : Optional.ofNullable(file);
        return source.map(found -> new Rest(first, stretch, List.copyOf(parts), Optional.of(found)));
    }

    /** Has to send what another worker did not, which may have corked the socket; its file is let go when it is sent. */
    void goOn(Rest rest) {
        corked = true;
        bytes = rest.bytes().length == 0 ? null : ByteBuffer.wrap(rest.bytes());
        rest.file().ifPresent(opened -> {
            append(opened, rest.stretch());
            parts = new ArrayDeque<>(rest.parts());
        });
    }

    /** Lets go of what was not sent. */
    void drop() throws IOException {
        bytes = null;
        body = null;
        parts = NO_PARTS;
        content = null;
        release();
    }
}
