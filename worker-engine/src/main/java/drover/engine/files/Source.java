package drover.engine.files;

import drover.engine.http.ContentCoding;
import drover.engine.posix.Adoption;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** An open file that holds a resource in one coding, as it was when looked at. Whoever has it closes it. */
record Source(ContentCoding coding, int fd, FileChannel channel, Identity identity) {

    static Source of(ContentCoding coding, int fd) throws IOException {
        var channel = Adoption.file(fd);
        try {
            return new Source(coding, fd, channel, Identity.of(fd));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** The same file, looked at once more. */
    Source again() throws IOException {
        return new Source(coding, fd, channel, Identity.of(fd));
    }

    boolean isUnchanged() throws IOException {
        return identity.equals(Identity.of(fd));
    }

    /** All of it, held by the caller. */
    Body read() throws IOException {
        var body = Body.ofSize((int) identity.size());
        try {
            var rest = body.bytes().duplicate();
            while (rest.hasRemaining()) {
                if (channel.read(rest, rest.position()) < 0) {
                    throw new IOException("the file became shorter while it was read");
                }
            }
            return body;
        } catch (IOException failure) {
            body.release();
            throw failure;
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot close a file that was only read", failure);
        }
    }
}
