package drover.verify.checks;

import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Operator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** As many dashboards as may be open, each of which reads its stream as it comes, and a Prometheus in a hurry. */
final class Onlookers implements AutoCloseable {

    static final int DASHBOARDS = 50;
    static final int SCRAPES_PER_SECOND = 20;

    /** Those who have just gone are only let go when there is something to send to them. */
    private static final Duration TO_GET_IN = Duration.ofSeconds(30);

    static final long SCRAPE_EVERY_NANOS = 1_000_000_000L / SCRAPES_PER_SECOND;

    private final URI metrics;
    private final List<Dashboard> dashboards = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong scrapes = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private volatile boolean looking = true;

    private record Dashboard(InputStream stream, AtomicLong snapshots) {}

    private Onlookers(Farm farm) {
        this.metrics = farm.metricsAddress();
    }

    /** All of them, once each dashboard is open. */
    static Onlookers come(Farm farm, Operator operator) throws IOException, InterruptedException {
        var onlookers = new Onlookers(farm);
        for (int dashboard = 0; dashboard < DASHBOARDS; dashboard++) {
            onlookers.open(operator);
        }
        onlookers.start(onlookers::scrape);
        return onlookers;
    }

    private void open(Operator operator) throws IOException, InterruptedException {
        var dashboard = new Dashboard(letIn(operator), new AtomicLong());
        dashboards.add(dashboard);
        start(() -> read(dashboard));
    }

    private static InputStream letIn(Operator operator) throws IOException, InterruptedException {
        var end = Deadline.within(TO_GET_IN);
        while (true) {
            try {
                return operator.watch();
            } catch (FarmFailed full) {
                if (end.isOver()) {
                    throw full;
                }
                Deadline.within(Duration.ofMillis(100)).pass();
            }
        }
    }

    private void start(Runnable looks) {
        threads.add(Thread.ofVirtual().start(looks));
    }

    private void read(Dashboard dashboard) {
        try (var lines = new BufferedReader(new InputStreamReader(dashboard.stream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("event:snapshot")) {
                    dashboard.snapshots().incrementAndGet();
                }
            }
            brokenOff();
        } catch (IOException ended) {
            brokenOff();
        }
    }

    private void scrape() {
        long next = System.nanoTime();
        while (looking) {
            try (var body = metrics.toURL().openStream()) {
                body.readAllBytes();
                scrapes.incrementAndGet();
            } catch (IOException failure) {
                brokenOff();
            }
            next += SCRAPE_EVERY_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void brokenOff() {
        if (looking) {
            broken.incrementAndGet();
        }
    }

    /** What they have seen so far: scrapes, and snapshots of the dashboard that got the fewest. */
    record Seen(long scrapes, long fewestSnapshots) {}

    Seen seen() {
        long fewest = dashboards.stream()
                .mapToLong(dashboard -> dashboard.snapshots().get())
                .min()
                .orElse(0);
        return new Seen(scrapes.get(), fewest);
    }

    /** Dashboards whose stream has ended, and scrapes that failed. */
    long broken() {
        return broken.get();
    }

    /** They go, and are gone. */
    @Override
    public void close() throws IOException {
        looking = false;
        for (var dashboard : dashboards) {
            dashboard.stream().close();
        }
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
