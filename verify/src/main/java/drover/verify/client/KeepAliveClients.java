package drover.verify.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Clients of one connection each, which ask for one page after another and think in between. Whoever loses its connection
 * opens another; what it was asking for is not asked again.
 */
public final class KeepAliveClients extends Load {

    /** Before it tries to connect after a connection was refused. */
    private static final long PAUSE_NANOS = 1_000_000;

    private final InetSocketAddress address;
    private final Supplier<Page> pages;
    private final AtomicInteger opened = new AtomicInteger();

    private KeepAliveClients(InetSocketAddress address, Supplier<Page> pages) {
        this.address = address;
        this.pages = pages;
    }

    /** So many of them, each of which thinks from no time up to {@code longestThought} after each answer. */
    public static KeepAliveClients start(
            InetSocketAddress address, List<Page> pages, int count, Duration longestThought) {
        return start(address, Page.anyOf(pages), count, longestThought);
    }

    /** As the other, asking for what {@code pages} says. */
    public static KeepAliveClients start(
            InetSocketAddress address, Supplier<Page> pages, int count, Duration longestThought) {
        var clients = new KeepAliveClients(address, pages);
        for (int client = 0; client < count; client++) {
            clients.client(() -> clients.work(longestThought));
        }
        return clients;
    }

    /** Connections made so far: as many as there are clients if no connection was ever lost. */
    public int connections() {
        return opened.get();
    }

    private void work(Duration longestThought) {
        while (running().getAsBoolean()) {
            try (var wire = Wire.open(address)) {
                opened.incrementAndGet();
                talk(wire, longestThought);
            } catch (Failed failure) {
                tally().failed(failure, 0, System.nanoTime());
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (IOException failure) {
                tally().failed(new Failed(Outcome.RESET, failure), 0, System.nanoTime());
            }
        }
    }

    private void talk(Wire wire, Duration longestThought) throws IOException {
        while (running().getAsBoolean()) {
            long begun = System.nanoTime();
            try {
                wire.get(pages.get());
            } catch (Failed failure) {
                tally().failed(failure, wire.localPort(), wire.openedNanos());
                return;
            }
            tally().succeeded(System.nanoTime() - begun);
            if (wire.wantsClose()) {
                tally().askedToClose();
                return;
            }
            long thought = ThreadLocalRandom.current().nextLong(longestThought.toMillis() + 1);
            if (!wire.isQuietFor(Duration.ofMillis(thought))) {
                tally().closedIdle();
                return;
            }
        }
    }
}
