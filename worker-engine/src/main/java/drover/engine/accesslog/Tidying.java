package drover.engine.accesslog;

import drover.engine.log.Log;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The thread that tidies the archives, of the lowest priority: after each rotation, and now and then, because a worker may
 * have died after one.
 */
final class Tidying implements AutoCloseable {

    private static final Duration NOW_AND_THEN = Duration.ofSeconds(10);
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Semaphore wanted = new Semaphore(1);
    private volatile boolean closed;

    private Tidying() {}

    static Tidying of(Archives archives) {
        var tidying = new Tidying();
        var thread = new Thread(() -> tidying.run(archives), "log-archives");
        thread.setDaemon(true);
        thread.start();
        return tidying;
    }

    /** There is something to do. */
    void wake() {
        wanted.release();
    }

    private void run(Archives archives) {
        Posix.lowerPriority();
        boolean refused = false;
        var pause = NOW_AND_THEN;
        while (!closed) {
            try {
                wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wanted.drainPermits();
                pause = archives.tidy() ? NOW_AND_THEN : BUSY;
                refused = false;
            } catch (IOException failure) {
                if (!refused) {
                    Log.warn("access log archives not tidied why=\"" + failure + "\"");
                }
                refused = true;
                pause = NOW_AND_THEN;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }
}
