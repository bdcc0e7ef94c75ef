package drover.verify.checks;

import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Page;
import drover.verify.client.Probe;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.MemoryWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** slowhttptest against a farm, with a normal client beside it. */
final class SlowHttp {

    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final long BYTES_PER_CONNECTION = 32 << 10;
    private static final long HEAPS_GROW = 48 << 20;
    private static final double PROBE_P99_MILLIS = 20;

    private SlowHttp() {}

    /** What slowhttptest saw in one second. */
    record Second(int closed, int pending, int connected, boolean available) {}

    /** 32 KiB for each; for few of them what a heap takes that grows to its usual size. */
    static long memoryFor(int connections) {
        return Math.max(connections * BYTES_PER_CONNECTION, HEAPS_GROW);
    }

    /**
     * Attacks, and finds out whether a normal client noticed and how much memory it took.
     *
     * @param connections how many, which is also given to slowhttptest
     * @param bytesAllowed by how much master and workers may grow
     */
    static void attack(
            Stage stage, Findings findings, Farm farm, int connections, long bytesAllowed, List<String> options)
            throws IOException, InterruptedException {
        var page = Page.write(farm.sites(), "probe.bin", 1024);
        warmUp(farm, page);
        try (var probe = Probe.start(farm.address(), page);
                var memory = MemoryWatch.over(farm.processesOfTheRoad())) {
            var seconds = run(stage, connections, options);
            probe.stop();
            judge(findings, seconds, connections);
            findings.exactly("failed requests of a normal client", probe.tally().failed(), 0);
            findings.atMost("its p99", probe.tally().latencies().percentileMillis(99), PROBE_P99_MILLIS, "ms");
            findings.note("its requests", probe.tally().toString());
            findings.atMost("memory grew by", memory.growth() / 1024.0, bytesAllowed / 1024.0, "KiB");
        }
    }

    private static void warmUp(Farm farm, Page page) {
        try (var _ = Probe.start(farm.address(), page)) {
            Deadline.within(WARM_UP).pass();
        }
    }

    private static void judge(Findings findings, List<Second> seconds, int connections) {
        long available = seconds.stream().filter(Second::available).count();
        findings.exactly("seconds in which slowhttptest found the service available", available, seconds.size());
        int opened = seconds.stream()
                .mapToInt(second -> second.closed() + second.connected())
                .max()
                .orElse(0);
        // Its table ends before the last second does.
        findings.atLeast("connections that attacked", opened, connections * 9L / 10);
        findings.note(
                "most of them at once",
                Integer.toString(
                        seconds.stream().mapToInt(Second::connected).max().orElse(0)));
    }

    /** Runs it, and returns what it saw. */
    static List<Second> run(Stage stage, int connections, List<String> options)
            throws IOException, InterruptedException {
        stage.say("slowhttptest " + String.join(" ", options));
        var prefix = stage.directory().resolve("slowhttptest");
        var command = new ArrayList<>(List.of("prlimit", "--nofile=" + (connections + 1000) + ":", "slowhttptest"));
        command.addAll(options);
        command.addAll(List.of("-c", Integer.toString(connections), "-g", "-o", prefix.toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(prefix.resolveSibling("slowhttptest.out").toFile())
                .start();
        stage.own(process::destroyForcibly);
        process.waitFor();
        return seconds(Path.of(prefix + ".csv"), prefix.resolveSibling("slowhttptest.out"));
    }

    private static List<Second> seconds(Path table, Path output) throws IOException {
        if (!Files.exists(table)) {
            throw new FarmFailed("slowhttptest wrote no table: " + Files.readString(output));
        }
        return Files.readAllLines(table).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> new Second(number(cells[1]), number(cells[2]), number(cells[3]), number(cells[4]) > 0))
                .toList();
    }

    private static int number(String cell) {
        return Integer.parseInt(cell.strip());
    }
}
