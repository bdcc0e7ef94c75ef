package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Probe;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Processes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** As many clients as can be who make the server keep as much as can be: heads that are nearly too large, large downloads. */
public final class Memory implements Check {

    private static final int HEAD_BYTES = 15 << 10;
    private static final long FILE_BYTES = 1L << 30;
    private static final double PROBE_P99_MILLIS = 50;
    private static final long MOST_BYTES = 300L << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String rows() {
        return "D10";
    }

    @Override
    public String promise() {
        return "No number of unfinished heads and slow downloads exhausts a worker's memory";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int heads = stage.size(4000, 400);
        int downloads = stage.size(500, 50);
        var farm = stage.farm();
        var page = Page.write(farm.sites(), "page.bin", 1024);
        try (var sparse =
                new RandomAccessFile(farm.sites().resolve("default/sparse.bin").toFile(), "rw")) {
            sparse.setLength(FILE_BYTES);
        }
        var wires = new ArrayList<Wire>();
        stage.own(() -> wires.forEach(Wire::close));

        try (var probe = Probe.start(farm.address(), page)) {
            for (int download = 0; download < downloads; download++) {
                wires.add(slowDownload(farm));
            }
            long most = 0;
            int refused = 0;
            var end = Deadline.within(stage.seconds(30, 10));
            // A head is closed after 10 s, so another comes in its place.
            for (int wave = 0; !end.isOver() || wave == 0; wave++) {
                refused += wave(farm, heads, wires);
                stage.say("wave " + (wave + 1) + " of " + heads + " unfinished heads of 15 KiB");
                most = Math.max(most, largest(farm));
                Deadline.within(Duration.ofSeconds(3)).pass();
                most = Math.max(most, largest(farm));
                wires.subList(downloads, wires.size()).forEach(Wire::close);
                wires.subList(downloads, wires.size()).clear();
            }
            probe.stop();
            findings.atMost("memory of a worker", most / 1048576.0, MOST_BYTES / 1048576.0, "MiB");
            findings.exactly("failed requests of a normal client", probe.tally().failed(), 0);
            findings.atMost("its p99", probe.tally().latencies().percentileMillis(99), PROBE_P99_MILLIS, "ms");
            findings.note("its requests", probe.tally().toString());
            findings.note("attackers that could not connect or send", Integer.toString(refused));
        }
    }

    private static Wire slowDownload(Farm farm) throws Failed {
        var wire = Wire.open(farm.address(), 4096);
        wire.send("GET /sparse.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return wire;
    }

    private static int wave(Farm farm, int heads, List<Wire> wires) {
        var begin = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
        int refused = 0;
        for (int head = 0; head < heads; head++) {
            try {
                var wire = Wire.open(farm.address());
                wires.add(wire);
                wire.send(begin + "x".repeat(HEAD_BYTES - begin.length()));
            } catch (Failed failure) {
                refused++;
            }
        }
        return refused;
    }

    private static long largest(Farm farm) throws IOException {
        return farm.workers().stream()
                .mapToLong(pid -> Processes.memoryBytes(List.of(pid)))
                .max()
                .orElseThrow(() -> new IOException("no worker lives"));
    }
}
