package drover.verify.farm;

import java.time.Duration;
import java.util.List;

/** The most memory that processes held together while somebody looked, twice a second, in a thread of its own. */
public final class MemoryWatch implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofMillis(500);

    private final List<Long> pids;
    private final long before;
    private final Thread thread;
    private volatile long most;
    private volatile boolean running = true;

    private MemoryWatch(List<Long> pids) {
        this.pids = pids;
        this.before = Processes.memoryBytes(pids);
        this.most = before;
        this.thread = Thread.ofPlatform().daemon().unstarted(this::watch);
    }

    public static MemoryWatch over(List<Long> pids) {
        var watch = new MemoryWatch(pids);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        while (running) {
            most = Math.max(most, Processes.memoryBytes(pids));
            Deadline.within(BETWEEN).until(() -> !running);
        }
    }

    /** Bytes by which they grew at most, since it began to look. */
    public long growth() {
        return most - before;
    }

    /** Bytes when it began to look. */
    public long before() {
        return before;
    }

    @Override
    public void close() {
        running = false;
    }
}
