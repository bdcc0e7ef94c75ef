package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.KeepAliveClients;
import drover.verify.client.Latencies;
import drover.verify.client.Outcome;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.farm.Farm;
import drover.verify.farm.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Workers that may have 256 files open, and more clients that stay than that. */
public final class Descriptors implements Check {

    private static final int LIMIT = 256;
    private static final int SPARE = 16;
    private static final int NEW_CLIENTS = 100;

    /** Twice as many as both workers may have, each of which is idle for a moment after each answer. */
    private static final int BUSY_CLIENTS = 320;

    private static final Duration LONGEST_THOUGHT = Duration.ofMillis(20);

    @Override
    public String name() {
        return "descriptors";
    }

    @Override
    public String rows() {
        return "D9";
    }

    @Override
    public String promise() {
        return "Idle connections make room for new clients before a worker runs out of descriptors";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farmUnder(List.of("prlimit", "--nofile=" + LIMIT + ":" + LIMIT));
        var page = Page.write(farm.sites(), "page.bin", 1024);
        int idle = stage.size(1000, 400);
        var wires = new ArrayList<Wire>();
        stage.own(() -> wires.forEach(Wire::close));
        int refused = 0;
        for (int connection = 0; connection < idle; connection++) {
            try {
                wires.add(Wire.open(farm.address()));
                wires.getLast().get(page);
            } catch (Failed failure) {
                refused++;
            }
        }
        stage.say(idle + " connections were opened, used and kept");
        findings.exactly("of " + idle + " clients that come and stay, without a right answer", refused, 0);
        newClients(stage, findings, farm, page);
        descriptors(findings, farm, "idle");
        wires.forEach(Wire::close);
        busyClients(stage, findings, farm, page);
    }

    private static void descriptors(Findings findings, Farm farm, String whom) {
        int most =
                farm.workers().stream().mapToInt(Processes::descriptors).max().orElse(LIMIT);
        findings.atMost("descriptors of a worker with " + whom + " clients", most, LIMIT - (long) SPARE);
    }

    private static void newClients(Stage stage, Findings findings, Farm farm, Page page) {
        var latencies = new Latencies();
        int right = 0;
        for (int client = 0; client < NEW_CLIENTS; client++) {
            long begun = System.nanoTime();
            try (var wire = Wire.open(farm.address())) {
                wire.get(page);
                right++;
                latencies.add(System.nanoTime() - begun);
            } catch (Failed failure) {
                stage.say("new client " + client + ": " + failure.outcome() + " " + failure.getMessage());
            }
        }
        findings.exactly("new clients answered rightly", right, NEW_CLIENTS);
        findings.atMost("the slowest of them", latencies.percentileMillis(100), 200, "ms");
    }

    /** Everyone's connection makes room for somebody else's, often in the very moment in which its client asks again. */
    private static void busyClients(Stage stage, Findings findings, Farm farm, Page page) throws InterruptedException {
        var clients = KeepAliveClients.start(farm.address(), List.of(page), BUSY_CLIENTS, LONGEST_THOUGHT);
        try (clients) {
            Thread.sleep(stage.seconds(30, 5));
            descriptors(findings, farm, "busy");
        }
        var tally = clients.tally();
        stage.say(BUSY_CLIENTS + " clients that asked all the time: " + tally);
        findings.atLeast("connections of " + BUSY_CLIENTS + " busy clients", clients.connections(), 2L * BUSY_CLIENTS);
        findings.atLeast("answers to them", tally.ok(), clients.connections() / 2);
        findings.exactly(
                "of them wrong, cut off or never come",
                tally.of(Outcome.WRONG) + tally.of(Outcome.TRUNCATED) + tally.of(Outcome.TIMEOUT),
                0);
    }
}
