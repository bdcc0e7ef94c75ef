package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.AccessLogs;
import drover.verify.farm.Deadline;
import drover.verify.farm.Drains;
import drover.verify.farm.Farm;
import drover.verify.farm.Nginx;
import drover.verify.farm.Operator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** All workers replaced, five times, under a crowd that does not retry; and nginx reloaded as often. */
public final class Restart implements Check {

    private static final int DOWNLOAD_BYTES = 200 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "restart";
    }

    @Override
    public String rows() {
        return "X22";
    }

    @Override
    public String promise() {
        return "Rolling restarts fail no request, close no connection and wait for no download";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        int rounds = stage.size(5, 1);
        long requests = stage.size(100_000, 5000);
        // More than the buffers of both sockets take, also when it is to be quick: it must be on its way all the time.
        int download = stage.size(DOWNLOAD_BYTES, DOWNLOAD_BYTES / 2);
        var files = Crowd.Files.write(farm.sites(), download);
        long bytesPerSecond = stage.size(4 << 20, 8 << 20);

        try (var crowd = Crowd.start(farm.address(), files, bytesPerSecond)) {
            double slowest = restart(stage, farm, rounds);
            Deadline.within(PATIENCE).until(() -> crowd.ok() >= requests);
            crowd.stop();
            findings.atLeast("requests that went well", crowd.ok(), requests);
            crowd.judge(findings);
            findings.exactly("connections closed by the server", crowd.closedByServer(), 0);
            findings.exactly("connections that had to be made again", crowd.connectedAgain(), 0);
            findings.atMost("the slowest restart of a worker", slowest, 10, "s");
            judgeDownloads(farm, findings, rounds, crowd.downloaded(), download);
        }
        farm.expectThese();

        try (var nginx = Nginx.start(
                        stage.directory().resolve("nginx"), farm.sites().resolve("default"));
                var crowd = Crowd.start(nginx.address(), files, bytesPerSecond)) {
            for (int round = 1; round <= rounds; round++) {
                Deadline.within(Duration.ofSeconds(2)).pass();
                stage.say("nginx reload " + round);
                nginx.reload();
            }
            Deadline.within(Duration.ofSeconds(2)).pass();
            crowd.stop();
            findings.note(
                    "nginx, as many reloads",
                    crowd.sixCounters() + ", closed by the server " + crowd.closedByServer()
                            + ", connections made again " + crowd.connectedAgain());
        }
    }

    /** They went on in other workers, which did not wait for them and logged what each of them has sent. */
    private static void judgeDownloads(Farm farm, Findings findings, int rounds, long downloaded, long size)
            throws IOException {
        var drains = Drains.in(farm.logs().resolve("master.log"));
        findings.atLeast("drains", drains.size(), (long) rounds * farm.workers().size());
        var slowest = drains.stream().max(Duration::compareTo).orElse(Duration.ZERO);
        findings.atMost("the slowest drain", slowest.toMillis() / 1000.0, 1, "s");
        Deadline.within(Duration.ofSeconds(10)).until(() -> moved(farm) >= rounds);
        findings.atLeast("responses that went on in another worker", moved(farm), rounds);
        Deadline.within(Duration.ofSeconds(10)).until(() -> logged(farm, size) >= downloaded);
        findings.exactly("log lines of whole downloads, for " + downloaded, logged(farm, size), downloaded);
    }

    private static long moved(Farm farm) {
        try {
            return (long) farm.metrics().sum("drover_connections_handed_over_total", "kind=\"transfer\"");
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        }
    }

    /** Lines of downloads that say the whole size. */
    private static long logged(Farm farm, long size) {
        var lines = new AtomicLong();
        try {
            for (var file : AccessLogs.in(farm.logs())) {
                AccessLogs.read(file, line -> {
                    if (line.contains("/crowd/download.bin HTTP/1.1\" 200 " + size + " ")) {
                        lines.incrementAndGet();
                    }
                });
            }
            return lines.get();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static double restart(Stage stage, Farm farm, int rounds) throws Exception {
        var operator = Operator.of(farm);
        double slowest = 0;
        for (int round = 1; round <= rounds; round++) {
            for (int slot = 1; slot <= farm.workers().size(); slot++) {
                long begun = System.nanoTime();
                operator.restart(slot);
                double seconds = (System.nanoTime() - begun) / 1e9;
                slowest = Math.max(slowest, seconds);
                stage.say("round " + round + ": worker " + slot + " restarted in " + seconds + " s");
            }
        }
        return slowest;
    }
}
