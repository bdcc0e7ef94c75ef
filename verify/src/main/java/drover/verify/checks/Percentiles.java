package drover.verify.checks;

import drover.engine.stats.Buckets;
import drover.engine.stats.Histogram;
import drover.engine.stats.Region;
import drover.engine.stats.RegionReader;
import drover.engine.stats.VhostReading;
import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Clients that take their time between the first and the last byte of a request, and measure from there to the answer as the
 * worker does: what both have measured must be the same.
 */
public final class Percentiles implements Check {

    private static final int CLIENTS = 200;
    private static final double SHORTEST_MILLIS = 8;
    private static final double SPREAD = Math.log(100);
    private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999};
    /** The width of a bucket, 2^(1/8), and a little for what lies between a client and its server: times are long for that. */
    private static final double ERROR = 1.0905 * 1.02;

    @Override
    public String name() {
        return "percentiles";
    }

    @Override
    public String rows() {
        return "";
    }

    @Override
    public String promise() {
        return "Percentiles from the statistics are those that the clients saw, within the width of a bucket";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        Page.write(farm.sites(), "page.bin", 500);
        var region = new RegionReader(Region.openToRead(farm.runDirectory().resolve("region")));
        var seen = new long[stage.size(1_000_000, 50_000)];
        var next = new AtomicInteger();
        var failed = new AtomicLong();
        var before = firstByte(region);

        var clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> Thread.ofVirtual().start(() -> ask(farm, client, seen, next, failed)))
                .toList();
        for (var client : clients) {
            client.join();
        }
        Deadline.within(Duration.ofSeconds(5))
                .until(() -> firstByte(region).since(before).count() >= seen.length);

        var counted = firstByte(region).since(before);
        Arrays.sort(seen);
        findings.exactly("failed requests", failed.get(), 0);
        findings.exactly("requests in the histogram", counted.count(), seen.length);
        for (double share : SHARES) {
            double exact = seen[(int) Math.ceil(share * seen.length) - 1] / 1e6;
            double told = counted.quantile(share) * 1e3;
            findings.judge(
                    "p" + share * 100,
                    "%.2f ms, the clients' %.2f ms".formatted(told, exact),
                    "within %.1f %%".formatted((ERROR - 1) * 100),
                    told / exact <= ERROR && exact / told <= ERROR);
        }
    }

    private static Histogram firstByte(RegionReader region) {
        return region.vhosts().stream()
                .map(VhostReading::firstByte)
                .reduce(Histogram.empty(Buckets.TIMES), Histogram::plus);
    }

    private static void ask(Farm farm, int client, long[] seen, AtomicInteger next, AtomicLong failed) {
        var random = new SplittableRandom(client);
        try (var wire = Wire.open(farm.address())) {
            for (int at = next.getAndIncrement(); at < seen.length; at = next.getAndIncrement()) {
                double millis = SHORTEST_MILLIS * Math.exp(random.nextDouble() * random.nextDouble() * SPREAD);
                long begun = System.nanoTime();
                wire.send("GET /page.bin HTTP/1.1\r\nHost: ");
                LockSupport.parkNanos((long) (millis * 1e6));
                wire.send("localhost\r\n\r\n");
                var head = wire.head();
                seen[at] = System.nanoTime() - begun;
                wire.body(head.length(), Long.MAX_VALUE);
            }
        } catch (Failed failure) {
            failed.incrementAndGet();
        }
    }
}
