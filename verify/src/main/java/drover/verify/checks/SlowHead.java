package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Slowloris: heads that never end, a few bytes at a time. */
public final class SlowHead implements Check {

    private static final int OWN_ATTACKERS = 40;

    @Override
    public String name() {
        return "slow-head";
    }

    @Override
    public String rows() {
        return "D4";
    }

    @Override
    public String promise() {
        return "Clients that never finish a head are closed after 10 s and nobody else notices them";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int connections = stage.size(4000, 400);
        var farm = stage.farm();
        var own = new Attackers(farm.address());

        SlowHttp.attack(
                stage,
                findings,
                farm,
                connections,
                SlowHttp.memoryFor(connections),
                List.of(
                        "-H",
                        "-r",
                        Integer.toString(connections / 10),
                        "-i",
                        "5",
                        "-x",
                        "20",
                        "-l",
                        Integer.toString(stage.size(60, 25)),
                        "-u",
                        farm.site().toString()));

        own.join();
        findings.atMost("own attackers, one field a second, closed within", own.longestSeconds(), 11, "s");
    }

    /** Some of our own, who know to the millisecond when they were thrown out. */
    private static final class Attackers {

        private final AtomicLong longestNanos = new AtomicLong();
        private final List<Thread> threads;

        Attackers(InetSocketAddress address) {
            threads = IntStream.range(0, OWN_ATTACKERS)
                    .mapToObj(_ -> Thread.ofVirtual().start(() -> attack(address)))
                    .toList();
        }

        private void attack(InetSocketAddress address) {
            long begun = System.nanoTime();
            try (var wire = Wire.open(address)) {
                wire.send("GET / HTTP/1.1\r\nHost: localhost\r\n");
                while (wire.isQuietFor(Duration.ofSeconds(1))) {
                    wire.send("X-A: b\r\n");
                    if (System.nanoTime() - begun > Duration.ofSeconds(60).toNanos()) {
                        break;
                    }
                }
            } catch (Failed thrownOut) {
                // That it was thrown out while it sent is as good.
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        }

        void join() throws InterruptedException {
            for (var thread : threads) {
                thread.join();
            }
        }

        double longestSeconds() {
            return longestNanos.get() / 1e9;
        }
    }
}
