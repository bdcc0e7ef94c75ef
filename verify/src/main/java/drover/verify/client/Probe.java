package drover.verify.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A normal client beside others: asks every few milliseconds, each tenth time over a new connection. */
public final class Probe extends Load {

    private static final Duration BETWEEN = Duration.ofMillis(5);
    private static final int REQUESTS = 10;

    private Probe() {}

    public static Probe start(InetSocketAddress address, Page page) {
        var probe = new Probe();
        probe.client(() -> probe.work(address, page));
        return probe;
    }

    private void work(InetSocketAddress address, Page page) {
        while (running().getAsBoolean()) {
            long begun = System.nanoTime();
            try (var wire = Wire.open(address)) {
                for (int request = 0; request < REQUESTS && running().getAsBoolean(); request++) {
                    wire.get(page);
                    tally().succeeded(System.nanoTime() - begun);
                    if (!wire.isQuietFor(BETWEEN)) {
                        tally().closedIdle();
                        break;
                    }
                    begun = System.nanoTime();
                }
            } catch (Failed failure) {
                tally().failed(failure, 0, begun);
            } catch (IOException failure) {
                tally().failed(new Failed(Outcome.RESET, failure), 0, begun);
            }
        }
    }
}
