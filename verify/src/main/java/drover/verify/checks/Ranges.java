package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.farm.Farm;
import drover.verify.farm.MemoryWatch;
import drover.verify.farm.Processes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The "Apache killer": more than a thousand ranges of one file (CVE-2011-3192). */
public final class Ranges implements Check {

    private static final int FILE_BYTES = 64 << 10;
    private static final int CLIENTS = 200;
    private static final int TURNS = 3;
    private static final long MEMORY = 5 << 20;
    private static final String PLAIN = "";
    private static final String KILLER = IntStream.range(0, 1300)
            .mapToObj(end -> "5-" + end)
            .collect(Collectors.joining(",", "Range: bytes=0-,", "\r\n"));

    @Override
    public String name() {
        return "ranges";
    }

    @Override
    public String rows() {
        return "D12";
    }

    @Override
    public String promise() {
        return "A thousand ranges cost no more than the whole file";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        Page.write(farm.sites(), "file.bin", FILE_BYTES);
        int connections = stage.size(4000, 400);

        SlowHttp.attack(
                stage, findings, farm, connections, SlowHttp.memoryFor(connections), options(stage, farm, connections));
        cost(stage, findings, farm);
    }

    private static List<String> options(Stage stage, Farm farm, int connections) {
        return List.of(
                "-R",
                "-r",
                Integer.toString(connections / 10),
                "-a",
                "5",
                "-b",
                "1300",
                "-l",
                Integer.toString(stage.size(60, 20)),
                "-u",
                farm.site().resolve("/file.bin").toString());
    }

    /** Plain requests and attacks in turns, so that both meet the same machine; the first turn only warms up. */
    private static void cost(Stage stage, Findings findings, Farm farm) throws InterruptedException {
        int requests = stage.size(20, 5);
        var most = new AtomicLong();
        visit(farm, PLAIN, requests, new AtomicLong());
        visit(farm, KILLER, requests, most);
        double plain = 0;
        double killer = 0;
        try (var memory = MemoryWatch.over(farm.processesOfTheRoad())) {
            for (int turn = 0; turn < TURNS; turn++) {
                plain += visit(farm, PLAIN, requests, new AtomicLong());
                killer += visit(farm, KILLER, requests, most);
            }
            findings.atMost("memory of 200 clients grew by", memory.growth() / 1024.0, MEMORY / 1024.0, "KiB");
        }
        findings.atMost("bytes for 1,301 ranges of a file of 64 KiB", most.get(), FILE_BYTES + (8 << 10));
        findings.atMost("processor time to that of plain requests", killer / plain, 2, "");
    }

    private static double visit(Farm farm, String field, int requests, AtomicLong most) throws InterruptedException {
        double before = Processes.processorSeconds(farm.workers());
        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> ask(farm, field, requests, most)))
                .toList();
        for (var client : clients) {
            client.join();
        }
        return Processes.processorSeconds(farm.workers()) - before;
    }

    private static void ask(Farm farm, String field, int requests, AtomicLong most) {
        try (var wire = Wire.open(farm.address())) {
            for (int request = 0; request < requests; request++) {
                wire.send("GET /file.bin HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n");
                var head = wire.head();
                wire.body(head.length(), Long.MAX_VALUE);
                most.accumulateAndGet(head.text().length() + head.length(), Math::max);
            }
        } catch (Failed failure) {
            // More than any figure allows: it cannot pass.
            most.set(Long.MAX_VALUE);
        }
    }
}
