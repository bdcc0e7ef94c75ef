package drover.engine.accesslog;

import drover.engine.config.AccessLogConfig;
import drover.engine.log.Log;
import drover.engine.posix.FileStatus;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * The file that all workers append to and any of them rotates. Each of them does this for a batch of lines:
 *
 * <pre>
 *   1  open the path, if it is not open
 *   2  flock what is open, exclusively
 *   3  is it what the path names now?     no: close, go to 1
 *   4  is it full, or of yesterday?      yes: rename it, close, go to 1
 *   5  append
 *   6  unlock
 * </pre>
 *
 * <p>Why no line is lost, doubled or torn: whoever appends holds the lock of the file he appends to, and has seen, holding
 * it, that the path names this file. A rename by us holds the same lock. So no batch is being written while a file is
 * renamed, and whoever gets the lock later finds at 3 that the path names another one: a renamed file is never written
 * again, and may be compressed at once. Two cannot both rename one file, for the second finds the same at 3.
 *
 * <p>Nobody coordinates this, so nobody can die of it: a lock ends with the process that holds it. Nobody waits for it
 * either: who does not get it keeps his lines and tries again.
 *
 * <p>The lock is also why a batch that a full disk took in part can be cut back to its last whole line. What a process
 * left that was killed within its write is ended by a newline before other lines follow.
 *
 * <p>An operator may move the file away or delete it at any time; step 3 notices before the next batch.
 */
final class SharedFile implements LogTarget {

    private static final int MODE = 0640;
    private static final int CLOSED = -1;

    /** Others may rename as fast as we open, in a test at least; then the lines wait. */
    private static final int ATTEMPTS = 16;

    private final Path path;
    private final AccessLogConfig config;
    private final Archives archives;
    private final InstantSource clock;

    private int fd = CLOSED;
    /** Stands in for the file's birth where the file system does not know it. */
    private Instant opened = Instant.EPOCH;
    /** The length of what is open; right from {@link #begin} to {@link #end}, because nobody else may append. */
    private long size;

    private long rotations;
    private boolean rotationRefused;

    SharedFile(AccessLogConfig config, Archives archives, InstantSource clock) throws IOException {
        this.path = config.file();
        this.config = config;
        this.archives = archives;
        this.clock = clock;
        open();
    }

    private void open() throws IOException {
        fd = check(Posix.openToAppend(path, MODE), "open");
        opened = clock.instant();
    }

    @Override
    public boolean begin(long bytes) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (fd == CLOSED) {
                open();
            }
            int locked = Posix.tryLock(fd);
            if (locked == -Posix.EAGAIN || locked == -Posix.EINTR) {
                return false;
            }
            check(locked, "lock");
            var status = Posix.status(fd).orElseThrow(() -> new IOException("cannot stat " + path));
            boolean current = Posix.status(path).filter(status::isSameFileAs).isPresent();
            if (current && !(isDue(status, bytes) && rotate())) {
                size = status.size();
                endTornLine(status);
                return true;
            }
            close();
        }
        return false;
    }

    private boolean isDue(FileStatus status, long bytes) {
        if (!status.regular() || status.size() == 0) {
            return false;
        }
        boolean full = config.rotateBytes() > 0 && status.size() + bytes > config.rotateBytes();
        return full || isOld(status);
    }

    private boolean isOld(FileStatus status) {
        if (config.rotateEvery().isZero()) {
            return false;
        }
        var born = status.bornSeconds() > 0 ? Instant.ofEpochSecond(status.bornSeconds()) : opened;
        return stretch(born) < stretch(clock.instant());
    }

    /** Counted in local time, so that days begin at midnight. */
    private long stretch(Instant when) {
        int offset = ZoneId.systemDefault().getRules().getOffset(when).getTotalSeconds();
        return Math.floorDiv(
                when.toEpochMilli() + offset * 1000L, config.rotateEvery().toMillis());
    }

    /** Renames the file, whose lock we hold; false if that cannot be done: then it goes on growing. */
    private boolean rotate() {
        try {
            Files.move(path, archives.nameFor(clock.instant()));
            rotations++;
            rotationRefused = false;
            return true;
        } catch (IOException refused) {
            if (!rotationRefused) {
                Log.warn("access log not rotated file=" + path + " why=\"" + refused + "\"");
            }
            rotationRefused = true;
            return false;
        }
    }

    private void endTornLine(FileStatus status) throws IOException {
        if (status.regular() && size > 0 && Posix.byteAt(fd, size - 1) != '\n') {
            var newline = ByteBuffer.allocateDirect(1).put(0, (byte) '\n');
            check(Posix.write(fd, newline, ByteBuffer.allocateDirect(0)), "write");
            size++;
        }
    }

    @Override
    public void append(Lines lines) throws IOException {
        var unwritten = lines.head(lines.bytes());
        while (unwritten.bytes() > 0) {
            long count = Posix.write(fd, unwritten.first(), unwritten.second());
            if (count < 0 && count != -Posix.EINTR) {
                int written = lines.bytes() - unwritten.bytes();
                int whole = lines.whole(written);
                if (whole < written) {
                    Posix.truncate(fd, size + whole); // if that fails too, the line is ended before the next
                }
                took(lines, whole);
                check(count, "write");
            }
        }
        took(lines, lines.bytes());
    }

    private void took(Lines lines, int bytes) {
        lines.skip(bytes);
        size += bytes;
    }

    @Override
    public void end() {
        Posix.unlock(fd);
    }

    @Override
    public long rotations() {
        return rotations;
    }

    @Override
    public void close() {
        if (fd != CLOSED) {
            Posix.close(fd);
            fd = CLOSED;
        }
    }

    private int check(long result, String call) throws IOException {
        if (result < 0) {
            throw new IOException("cannot " + call + " " + path + ": errno=" + -result);
        }
        return (int) result;
    }
}
