package drover.engine.files;

import drover.engine.posix.Adoption;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** An open file that the cache and the responses that send it hold together; the last to let go closes it. Any thread. */
public final class OpenFile extends Held {

    private final FileChannel channel;
    private final int fd;

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

    @Override
    void end() throws IOException {
        channel.close();
    }
}
