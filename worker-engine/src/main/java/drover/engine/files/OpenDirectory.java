package drover.engine.files;

import drover.engine.posix.Posix;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A directory of a site, as it was when it was opened. Whoever has it closes it; one thread. */
final class OpenDirectory implements AutoCloseable {

    private static final byte[] ITSELF = {};

    private final int fd;
    private final Identity identity;
    private final boolean settled;
    private final long openedNanos;

    private OpenDirectory(int fd, Identity identity, boolean settled, long openedNanos) {
        this.fd = fd;
        this.identity = identity;
        this.settled = settled;
        this.openedNanos = openedNanos;
    }

    /**
     * Opens it; empty if no way leads there that stays in the site.
     *
     * @param path from the site's own directory, whose path is empty
     */
    static Optional<OpenDirectory> open(Path site, String path) {
        long nanos = System.nanoTime();
        int root = Posix.openDirectory(site);
        if (root < 0) {
            return Optional.empty();
        }
        int fd = Posix.openDirectoryBeneath(root, path.isEmpty() ? "." : path);
        Posix.close(root);
        if (fd < 0) {
            return Optional.empty();
        }
        var now = Instant.now();
        var identity = Posix.statusNow(fd, ITSELF).map(Identity::of);
        if (identity.isEmpty()) {
            Posix.close(fd);
        }
        return identity.map(known -> new OpenDirectory(fd, known, !known.mayChangeUnseen(now), nanos));
    }

    /** System.nanoTime just before. */
    long openedNanos() {
        return openedNanos;
    }

    /**
     * It changes whenever a file here comes, goes or is replaced, and not with a file's content; but see {@link
     * #isSettled}.
     */
    Identity identity() {
        return identity;
    }

    /** Whether no change after the opening can leave the identity as it is. */
    boolean isSettled() {
        return settled;
    }

    /** What lies here now by this name: a link itself and not what it leads to. */
    Optional<Identity> identity(byte[] name) {
        return Posix.statusNow(fd, name).map(Identity::of);
    }

    @Override
    public void close() {
        Posix.close(fd);
    }
}
