package drover.verify.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Clients that come at a rate, however long the others take, and go after one request. */
public final class NewClients extends Load {

    private static final long SECOND = 1_000_000_000;

    private final InetSocketAddress address;
    private final Supplier<Page> pages;

    private NewClients(InetSocketAddress address, Supplier<Page> pages) {
        this.address = address;
        this.pages = pages;
    }

    public static NewClients start(InetSocketAddress address, List<Page> pages, int perSecond) {
        return start(address, Page.anyOf(pages), perSecond);
    }

    /** As the other, asking for what {@code pages} says. */
    public static NewClients start(InetSocketAddress address, Supplier<Page> pages, int perSecond) {
        var clients = new NewClients(address, pages);
        clients.client(() -> clients.come(perSecond));
        return clients;
    }

    private void come(int perSecond) {
        long next = System.nanoTime();
        while (running().getAsBoolean()) {
            client(this::visit);
            next += SECOND / perSecond;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void visit() {
        long begun = System.nanoTime();
        int port = 0;
        try (var wire = Wire.open(address)) {
            port = wire.localPort();
            wire.get(pages.get());
            tally().succeeded(System.nanoTime() - begun);
        } catch (Failed failure) {
            tally().failed(failure, port, begun);
        }
    }
}
