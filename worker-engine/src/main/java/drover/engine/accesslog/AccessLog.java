package drover.engine.accesslog;

import drover.engine.config.AccessLogConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * The access log of one worker. Loops put lines into their rings; the housekeeping thread appends what waits to what all
 * workers share, whole lines, with one write for each ring. What the disk refuses is dropped and counted: serving does
 * not wait for a log.
 */
public final class AccessLog implements AutoCloseable {

    private static final int RING_BYTES = 1 << 20;

    /** How long a flush tries while another worker appends; then the lines wait for the next one. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);
    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

    /** How often a file without new lines is looked at: it may be of yesterday, or was moved away. */
    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

    private static final Flushed NOTHING = new Flushed(0, 0, 0);

    private final LogTarget target;
    private final Optional<Tidying> tidying;
    private final List<LogRing> rings;
    private long lookedNanos = System.nanoTime();
    private long rotations;

    private AccessLog(LogTarget target, Optional<Tidying> tidying, List<LogRing> rings) {
        this.target = target;
        this.tidying = tidying;
        this.rings = rings;
    }

    /**
     * Opens the file to append, mode 0640 if it is new, and begins to tidy what was rotated.
     *
     * @param wake asks for a flush that does not wait for its time; called by loops
     */
    public static AccessLog open(AccessLogConfig config, int loops, Runnable wake) throws IOException {
        var rings = IntStream.range(0, loops)
                .mapToObj(_ -> new LogRing(RING_BYTES, wake))
                .toList();
        if (config.isStandardOutput()) {
            return new AccessLog(new StandardOutput(), Optional.empty(), rings);
        }
        var archives = new Archives(config.file(), config.keep());
        var file = new SharedFile(config, archives, InstantSource.system());
        return new AccessLog(file, Optional.of(Tidying.of(archives)), rings);
    }

    /** The ring of an event loop, 0 to loops − 1. */
    public LogRing ring(int loop) {
        return rings.get(loop);
    }

    /** What a flush did: lines that are in the file now, lines that never will be, files that it rotated. */
    public record Flushed(long lines, long dropped, long rotations) {

        Flushed plus(Flushed other) {
            return new Flushed(lines + other.lines, dropped + other.dropped, rotations + other.rotations);
        }
    }

    /** Appends what waits in all rings; only for the housekeeping thread. */
    public Flushed flush() {
        long waiting = waiting();
        long now = System.nanoTime();
        if (waiting == 0 && now - lookedNanos < LOOK_NANOS) {
            return NOTHING;
        }
        lookedNanos = now;
        return flush(waiting, now + PATIENCE.toNanos());
    }

    /** The same for the last time, with more patience: what cannot be appended now is dropped. */
    public Flushed flushLast() {
        long deadline = System.nanoTime() + LAST_PATIENCE.toNanos();
        var flushed = flush(waiting(), deadline);
        while (waiting() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(RETRY_NANOS);
            flushed = flushed.plus(flush(waiting(), deadline));
        }
        return flushed.plus(dropAll());
    }

    private long waiting() {
        return rings.stream().mapToLong(ring -> ring.waiting().bytes()).sum();
    }

    private Flushed flush(long waiting, long deadline) {
        try {
            while (!target.begin(waiting)) {
                if (System.nanoTime() - deadline > 0) {
                    return rotated();
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        } catch (IOException refused) {
            target.close(); // and with it the lock, if that was had; the next flush opens again
            return rotated().plus(dropAll());
        }
        try {
            return rings.stream().map(this::append).reduce(rotated(), Flushed::plus);
        } finally {
            target.end();
        }
    }

    private Flushed append(LogRing ring) {
        var lines = ring.waiting();
        int bytes = lines.bytes();
        // Lines are counted before they are taken: from then on the loop writes over them.
        long count = lines.count();
        try {
            target.append(lines);
            long rest = lines.count();
            ring.took(bytes - lines.bytes());
            return new Flushed(count - rest, 0, 0);
        } catch (IOException refused) {
            long dropped = lines.count();
            ring.took(bytes);
            return new Flushed(count - dropped, dropped, 0);
        }
    }

    private Flushed dropAll() {
        return rings.stream().map(AccessLog::drop).reduce(NOTHING, Flushed::plus);
    }

    private static Flushed drop(LogRing ring) {
        var lines = ring.waiting();
        long dropped = lines.count();
        ring.took(lines.bytes());
        return new Flushed(0, dropped, 0);
    }

    private Flushed rotated() {
        long since = target.rotations() - rotations;
        rotations += since;
        if (since > 0) {
            tidying.ifPresent(Tidying::wake);
        }
        return new Flushed(0, 0, since);
    }

    @Override
    public void close() {
        tidying.ifPresent(Tidying::close);
        target.close();
    }
}
