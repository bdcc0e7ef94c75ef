package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Page;
import drover.verify.client.Probe;
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

/** Connections that were used once and are kept. */
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
        p99(farm, page, Duration.ofSeconds(5));
        double empty = p99(farm, page, stage.seconds(20, 8));

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
        double beside = p99(farm, page, stage.seconds(20, 8));
        findings.atMost("p99 of an active one to its p99 without them", beside / empty, 2, "");
        findings.note("p99 without and with them", empty + " ms, " + beside + " ms");
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

    private static double p99(Farm farm, Page page, Duration time) {
        try (var probe = Probe.start(farm.address(), page)) {
            Deadline.within(time).pass();
            probe.stop();
            return probe.tally().latencies().percentileMillis(99);
        }
    }

    private static long held(Farm farm, List<Wire> wires) throws IOException {
        var held = Sockets.clientsOf(farm.address().getPort());
        return wires.stream().filter(wire -> held.contains(wire.localPort())).count();
    }
}
