package drover.engine.files;

import drover.engine.posix.FileStatus;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What tells one content of a path from the next without reading it: one statx of the file that is read.
 *
 * @param changed when content or inode changed; unlike {@code modified} nobody can set it, so it also tells files apart
 *     that were given the same size and time, by {@code cp -p} or by a build that writes 1970 everywhere
 */
record Identity(int mode, long size, FileTime modified, FileTime changed, long device, long inode) {

    /** Time stamps stand still for so long, on the slowest clock a kernel is built with. */
    static final Duration TICK = Duration.ofMillis(10);

    private static final int TYPE_MASK = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;

    static Identity of(int fd) throws IOException {
        return of(Posix.status(fd).orElseThrow(() -> new IOException("no status of an open file")));
    }

    static Identity of(FileStatus status) {
        return new Identity(
                status.mode(),
                status.size(),
                FileTime.from(status.modified()),
                FileTime.from(status.changed()),
                status.device(),
                status.inode());
    }

    /** Whether the file changed so recently that another change might get the same stamp. */
    boolean mayChangeUnseen(Instant now) {
        var age = Duration.between(changed.toInstant(), now);
        return !age.isNegative() && age.compareTo(TICK) < 0;
    }

    /** By the time of modification. Where a tool kept whole seconds only, only these are compared. */
    boolean isOlderThan(Identity other) {
        var own = modified.toInstant();
        var others = other.modified.toInstant();
        var othersSecond = others.truncatedTo(ChronoUnit.SECONDS);
        return own.isBefore(own.equals(own.truncatedTo(ChronoUnit.SECONDS)) ? othersSecond : others);
    }

    boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    boolean isRegularFile() {
        return (mode & TYPE_MASK) == REGULAR;
    }
}
