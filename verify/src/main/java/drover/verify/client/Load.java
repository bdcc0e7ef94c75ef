package drover.verify.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Clients that work until they are told to end. They finish the request they are at. */
public abstract class Load implements AutoCloseable {

    private final Tally tally = new Tally();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    /** What has become of its requests so far. */
    public final Tally tally() {
        return tally;
    }

    /** Starts a client, in a thread of its own. */
    final synchronized void client(Runnable client) {
        threads.removeIf(thread -> !thread.isAlive());
        threads.add(Thread.ofVirtual().start(client));
    }

    final BooleanSupplier running() {
        return () -> running;
    }

    /** Ends it when every client has finished what it was doing. */
    public final void stop() {
        running = false;
        try {
            for (var alive = alive(); !alive.isEmpty(); alive = alive()) {
                for (var thread : alive) {
                    thread.join();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #stop}. */
    @Override
    public final void close() {
        stop();
    }

    private synchronized List<Thread> alive() {
        return threads.stream().filter(Thread::isAlive).toList();
    }
}
