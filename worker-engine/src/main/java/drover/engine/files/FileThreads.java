package drover.engine.files;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that may wait for a disk, a fixed number behind a bounded queue: when the disk is slower than the requests,
 * the queue fills, further requests are refused at once, and what is in memory is served as fast as ever.
 */
public final class FileThreads {

    private final ThreadPoolExecutor executor;

    /** So many threads, named after what they do. */
    public FileThreads(String name, int threads, int queueLength) {
        var number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueLength), task -> {
                    var thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.prestartAllCoreThreads();
    }

    /** Runs a task on a file thread as soon as there is one, or returns false: the queue is full. */
    public boolean submit(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Tasks that wait. */
    public int queueDepth() {
        return executor.getQueue().size();
    }
}
