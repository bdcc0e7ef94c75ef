package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Page;
import drover.verify.client.Probe;
import drover.verify.client.Tally;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.MemoryWatch;
import drover.verify.farm.Processes;
import drover.verify.farm.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that were used once and are kept. Latencies are compared with those of another farm that has none, at the same
 * time: between two looks a shared machine can change more than what is looked for.
 */
public final class Idle implements Check {

    private static final int BYTES_EACH = 16 << 10;
    private static final int DESCRIPTORS_BESIDE = 500;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String rows() {
        return "X21";
    }

    @Override
    public String promise() {
        return "10,000 idle connections cost at most 16 KiB each, no processor time, and nobody's latency";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int connections = stage.size(10_000, 1000);
        var limit = ownLimit();
        if (limit < connections + DESCRIPTORS_BESIDE) {
            findings.skip("idle connections", "this process may open " + limit + " files only; raise ulimit -n");
            return;
        }
        var farm = stage.farm("--drover.keep-alive-timeout=1h");
        var page = Page.write(farm.sites(), "page.bin", 1024);
        var empty = stage.farm();
        Page.write(empty.sites(), "page.bin", 1024);
        probe(farm, empty, page, Duration.ofSeconds(5));

        var wires = new ArrayList<Wire>();
        stage.own(() -> wires.forEach(Wire::close));
        try (var memory = MemoryWatch.over(farm.processesOfTheRoad())) {
            for (int connection = 0; connection < connections; connection++) {
                wires.add(Wire.open(farm.address(), 8 << 10));
                wires.getLast().get(page);
            }
            stage.say(connections + " connections are idle");
            Deadline.within(Duration.ofSeconds(2)).pass();
            findings.atMost("memory for each", memory.growth() / 1024.0 / connections, BYTES_EACH / 1024.0, "KiB");
        }
        findings.atMost("processor time while all are idle", idlePercent(farm, stage.seconds(20, 8)), 3, "% of a core");
        judgeLatency(probe(farm, empty, page, stage.seconds(20, 8)), findings);
        findings.judge(
                "connections still there", held(farm, wires) + "", connections + "", held(farm, wires) == connections);
    }

    private static long ownLimit() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> List.of(line.split("\\s+", -1)))
                .mapToLong(fields -> fields.get(3).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(fields.get(3)))
                .findFirst()
                .orElseThrow();
    }

    private static double idlePercent(Farm farm, Duration time) {
        double before = Processes.processorSeconds(farm.processesOfTheRoad());
        Deadline.within(time).pass();
        return (Processes.processorSeconds(farm.processesOfTheRoad()) - before) / time.toSeconds() * 100;
    }

    /** What an active client of each saw, both at once. */
    private record Seen(Tally beside, Tally without) {}

    private static Seen probe(Farm farm, Farm empty, Page page, Duration time) {
        try (var beside = Probe.start(farm.address(), page);
                var without = Probe.start(empty.address(), page)) {
            Deadline.within(time).pass();
            beside.stop();
            without.stop();
            return new Seen(beside.tally(), without.tally());
        }
    }

    private static void judgeLatency(Seen seen, Findings findings) {
        double beside = seen.beside().latencies().percentileMillis(99);
        double without = seen.without().latencies().percentileMillis(99);
        findings.exactly(
                "failed requests of active ones",
                seen.beside().failed() + seen.without().failed(),
                0);
        findings.atMost("p99 of an active one to that of one without them", beside / without, 2, "");
        findings.note("p99 without and with them", without + " ms, " + beside + " ms");
    }

    private static long held(Farm farm, List<Wire> wires) throws IOException {
        var held = Sockets.clientsOf(farm.address().getPort());
        return wires.stream().filter(wire -> held.contains(wire.localPort())).count();
    }
}
