package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Operator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Workers that come and go under the usual crowd: 2, 6, 1, 3. */
public final class Scale implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final List<Integer> SIZES = List.of(6, 1, 3);
    private static final Duration TO_SHARE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String rows() {
        return "X26";
    }

    @Override
    public String promise() {
        return "Scaling from 2 to 6, 1 and 3 workers fails no request, and a new worker has half its fair share of connections in 5 s";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var operator = Operator.of(farm);
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        int size = 2;

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (int next : SIZES) {
                Deadline.within(BETWEEN).pass();
                long begun = System.nanoTime();
                var detail = operator.scale(next);
                stage.say("%d workers instead of %d after %.1f s: %s"
                        .formatted(next, size, (System.nanoTime() - begun) / 1e9, detail));
                if (next > size) {
                    share(farm, size, next, findings);
                }
                size = next;
            }
            Deadline.within(BETWEEN).pass();
            crowd.stop();
            crowd.judge(findings);
            findings.exactly("connections closed by the server", crowd.closedByServer(), 0);
            findings.exactly("connections made again", crowd.connectedAgain(), 0);
            findings.note("requests", crowd.sixCounters());
        }
        farm.expectThese();
    }

    /**
     * What a new worker holds 5 s after the last of them was up. What each is given and serves in the 5 s after that is printed
     * and not judged: who holds one connection less gets more of the new ones, and of a crowd that never pauses a JVM that still
     * compiles serves less than one that is done.
     */
    private static void share(Farm farm, int before, int after, Findings findings) throws IOException {
        Deadline.within(TO_SHARE).pass();
        var held = counted(farm, "drover_connections", after);
        var connections = counted(farm, "drover_connections_dispatched_total", after);
        var requests = counted(farm, "drover_http_requests_total", after);
        Deadline.within(LOOK).pass();
        var change = before + " to " + after + " workers, ";
        findings.atLeast(
                change + "least share of a new worker, of a fair one, of the connections",
                leastShare(before, held),
                0.5,
                "");
        findings.note(change + "connections of each", held.toString());
        var connected = since(connections, counted(farm, "drover_connections_dispatched_total", after));
        var requested = since(requests, counted(farm, "drover_http_requests_total", after));
        findings.note(change + "new connections of each, 5 to 10 s later", connected.toString());
        findings.note(change + "requests of each, 5 to 10 s later", requested.toString());
    }

    private static SortedMap<Integer, Double> since(Map<Integer, Double> begun, Map<Integer, Double> ended) {
        var served = new TreeMap<Integer, Double>();
        ended.forEach((slot, count) -> served.put(slot, count - begun.getOrDefault(slot, 0.0)));
        return served;
    }

    private static double leastShare(int before, SortedMap<Integer, Double> served) {
        double fair = served.values().stream().mapToDouble(Double::doubleValue).sum() / served.size();
        double least = served.tailMap(before + 1).values().stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElseThrow();
        return least / fair;
    }

    private static SortedMap<Integer, Double> counted(Farm farm, String metric, int workers) throws IOException {
        var metrics = farm.metrics();
        var counted = new TreeMap<Integer, Double>();
        for (int slot = 1; slot <= workers; slot++) {
            counted.put(slot, metrics.sum(metric, "worker=\"" + slot + "\""));
        }
        return counted;
    }
}
