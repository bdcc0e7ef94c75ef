package drover.engine.files;

import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content in memory that the kernel can send from. It is freed the moment the last holder lets go, not by the garbage
 * collector: a cache whose contents change would take several times its size until a collection.
 */
public final class Body extends Held {

    private static final byte FREED = (byte) 0xdd;

    private final ByteBuffer bytes;
    /** A copy that can be given to another process; absent until one is asked for. */
    private @Nullable OpenFile copy;

    private Body(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Memory to be filled from its beginning to its end, held by the caller. */
    public static Body ofSize(int size) throws IOException {
        var bytes = Posix.allocate(size);
        if (bytes.isEmpty()) {
            throw new IOException("no memory for " + size + " bytes");
        }
        return new Body(bytes.get());
    }

    /** All of it; the caller takes a duplicate before it moves in it, and holds the body for as long as it reads. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * The same bytes in a file in memory, for another process to send them from: one for all who send this body, closed with
     * it. Only while the body is held; empty if there are no descriptors or no memory for it.
     */
    public synchronized Optional<OpenFile> file() {
        if (copy == null) {
            int fd = Posix.memoryFile("content", bytes.duplicate());
            copy = fd < 0 ? null : new OpenFile(Adoption.file(fd));
        }
        return Optional.ofNullable(copy);
    }

    int size() {
        return bytes.capacity();
    }

    @Override
    synchronized void end() throws IOException {
        assert overwritten();
        Posix.free(bytes);
        if (copy != null) {
            copy.release();
        }
    }

    /** In tests, who reads what it does not hold reads this. */
    private boolean overwritten() {
        for (int at = 0; at < bytes.capacity(); at++) {
            bytes.put(at, FREED);
        }
        return true;
    }
}
