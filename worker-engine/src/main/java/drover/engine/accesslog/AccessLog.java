package drover.engine.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The one file that all workers append to. Loops put lines into their rings; the housekeeping thread writes what waits, whole
 * lines, with one append for each ring, so that lines of different workers never interleave. What the disk refuses is
 * dropped and counted: serving does not wait for a log.
 */
public final class AccessLog implements AutoCloseable {

    private static final int RING_BYTES = 1 << 20;

    private final FileChannel file;
    private final List<LogRing> rings;

    private AccessLog(FileChannel file, List<LogRing> rings) {
        this.file = file;
        this.rings = rings;
    }

    /** Opens the file to append, mode 0640 if it is new. */
    public static AccessLog open(Path path, int loops) throws IOException {
        var file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        var rings =
                IntStream.range(0, loops).mapToObj(_ -> new LogRing(RING_BYTES)).toList();
        return new AccessLog(file, rings);
    }

    /** The ring of an event loop, 0 to loops − 1. */
    public LogRing ring(int loop) {
        return rings.get(loop);
    }

    /** What a flush did: lines that are in the file now, lines that never will be. */
    public record Flushed(long lines, long dropped) {

        Flushed plus(Flushed other) {
            return new Flushed(lines + other.lines, dropped + other.dropped);
        }
    }

    /** Appends what waits in all rings; only for the housekeeping thread. */
    public Flushed flush() {
        return rings.stream().map(this::flush).reduce(new Flushed(0, 0), Flushed::plus);
    }

    private Flushed flush(LogRing ring) {
        var parts = ring.waiting();
        long length = (long) parts[0].remaining() + parts[1].remaining();
        if (length == 0) {
            return new Flushed(0, 0);
        }
        long lines = lines(parts);
        try {
            while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
                file.write(parts);
            }
            return new Flushed(lines, 0);
        } catch (IOException refused) {
            long dropped = lines(parts);
            return new Flushed(lines - dropped, dropped);
        } finally {
            ring.took(length);
        }
    }

    private static long lines(ByteBuffer... parts) {
        return Stream.of(parts)
                .mapToLong(part -> IntStream.range(part.position(), part.limit())
                        .filter(i -> part.get(i) == '\n')
                        .count())
                .sum();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
