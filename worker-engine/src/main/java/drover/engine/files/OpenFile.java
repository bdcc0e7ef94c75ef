package drover.engine.files;

import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file that the cache and the responses that send it hold together; the last to let go closes it. Any thread. */
public final class OpenFile extends Held {

    private static final int READ_BYTES = 64 << 10;

    private final FileChannel channel;
    private final int fd;

    /** Set when the file system says that it cannot tell; nobody needs to ask it again. */
    private volatile boolean cannotTell;

    /** Takes a channel over; the caller is its first holder. */
    public OpenFile(FileChannel channel) {
        this.channel = channel;
        this.fd = Adoption.number(channel);
    }

    /** To be read at positions only: others send from it too. */
    public FileChannel channel() {
        return channel;
    }

    /** Its descriptor, good for as long as the caller holds it. */
    public int fd() {
        return fd;
    }

    /**
     * Whether a stretch can be sent without waiting for the disk, as far as its first and its last byte tell; true where
     * the file system cannot tell, as those in memory cannot.
     */
    public boolean isInMemory(long position, long count) {
        return cannotTell || (isInMemory(position) && isInMemory(position + count - 1));
    }

    private boolean isInMemory(long position) {
        long probed = Posix.probe(fd, position);
        if (probed == -Posix.EOPNOTSUPP) {
            cannotTell = true;
        }
        return probed != -Posix.EAGAIN;
    }

    /**
     * Reads a stretch, so that the kernel has it in memory; on a thread that may wait. What cannot be read shows when it is
     * sent.
     */
    public void readAhead(long position, long count) {
        var buffer = ByteBuffer.allocateDirect(READ_BYTES);
        long at = position;
        long got = 1;
        while (at < position + count && got > 0) {
            buffer.limit((int) Math.min(READ_BYTES, position + count - at));
            got = Posix.read(fd, buffer, at);
            at += got;
        }
    }

    @Override
    void end() throws IOException {
        channel.close();
    }
}
