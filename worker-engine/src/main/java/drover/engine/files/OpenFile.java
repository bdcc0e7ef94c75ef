package drover.engine.files;

import drover.engine.posix.Adoption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file that the cache and the responses that send it hold together; the last to let go closes it. A response goes on
 * with the file it began with, whatever becomes of the path or of the cache's place for it. Any thread.
 */
public final class OpenFile {

    private final FileChannel channel;
    private final int fd;
    private final AtomicInteger holders = new AtomicInteger(1);

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

    /** Holds it once more; false if the last holder has let go already. */
    public boolean hold() {
        int before = holders.get();
        while (before > 0) {
            if (holders.compareAndSet(before, before + 1)) {
                return true;
            }
            before = holders.get();
        }
        return false;
    }

    /** Lets go of it, once for each hold. */
    public void release() throws IOException {
        if (holders.decrementAndGet() == 0) {
            channel.close();
        }
    }
}
