package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Clients that ask for something large and take a few bytes now and then, or nothing. */
public final class SlowRead implements Check {

    private static final int OWN_ATTACKERS = 20;
    private static final int WINDOW_BYTES = 2048;

    @Override
    public String name() {
        return "slow-read";
    }

    @Override
    public String rows() {
        return "D5";
    }

    @Override
    public String promise() {
        return "Clients that do not take their answers are closed within 65 s and nobody else notices them";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int connections = stage.size(4000, 400);
        var farm = stage.farm();
        Page.write(farm.sites(), "large.bin", 16 << 20);

        try (var takers = new OwnAttackers(farm)) {
            SlowHttp.attack(
                    stage,
                    findings,
                    farm,
                    connections,
                    SlowHttp.memoryFor(connections),
                    List.of(
                            "-X",
                            "-r",
                            Integer.toString(connections / 10),
                            "-w",
                            "1",
                            "-y",
                            "8",
                            "-n",
                            "5",
                            "-z",
                            "8",
                            "-k",
                            "3",
                            "-l",
                            Integer.toString(stage.size(90, 80)),
                            "-u",
                            farm.site().resolve("/large.bin").toString()));
            findings.atMost("own attackers, 8 bytes each 5 s or none, closed within", takers.longestSeconds(), 65, "s");
        }
    }

    /** Some of our own. When the server gave them up is seen in the kernel's list of sockets: their own windows are shut. */
    private static final class OwnAttackers implements AutoCloseable {

        private final Farm farm;
        private final List<Wire> wires = new ArrayList<>();
        private final long begun = System.nanoTime();
        private volatile long longestNanos;
        private volatile boolean running = true;

        OwnAttackers(Farm farm) throws Failed {
            this.farm = farm;
            for (int attacker = 0; attacker < OWN_ATTACKERS; attacker++) {
                var wire = Wire.open(farm.address(), WINDOW_BYTES);
                wire.send("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
                wires.add(wire);
            }
            Thread.ofPlatform().daemon().start(this::watch);
        }

        private void watch() {
            for (var left = left(); running && !left.isEmpty(); left = left()) {
                longestNanos = System.nanoTime() - begun;
                // Half of them take a little, the others nothing at all.
                wires.stream().limit(OWN_ATTACKERS / 2).forEach(OwnAttackers::sip);
                Deadline.within(Duration.ofSeconds(1)).until(() -> !running);
            }
        }

        private static void sip(Wire wire) {
            try {
                wire.isQuietFor(Duration.ofMillis(1));
            } catch (IOException gone) {
                // The server has given it up, which is what we wait for.
            }
        }

        private Set<Integer> left() {
            var ours = wires.stream().map(Wire::localPort).collect(Collectors.toCollection(HashSet::new));
            try {
                ours.retainAll(Sockets.clientsOf(farm.address().getPort()));
                return ours;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        double longestSeconds() {
            if (!left().isEmpty()) {
                throw new FarmFailed(left().size() + " slow readers are still served after "
                        + (System.nanoTime() - begun) / 1_000_000_000 + " s");
            }
            return longestNanos / 1e9;
        }

        @Override
        public void close() throws IOException {
            running = false;
            wires.forEach(Wire::close);
        }
    }
}
