package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Nginx;
import drover.verify.farm.Operator;
import java.time.Duration;

/** All workers replaced, five times, under a crowd that does not retry; and nginx reloaded as often. */
public final class Restart implements Check {

    private static final long DOWNLOAD_BYTES = 200L << 20;
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
        return "Rolling restarts fail no request and close no connection";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        int rounds = stage.size(5, 1);
        long requests = stage.size(100_000, 5000);
        var files = Crowd.Files.write(farm.sites(), stage.quick() ? DOWNLOAD_BYTES / 10 : DOWNLOAD_BYTES);
        long bytesPerSecond = stage.size(4 << 20, 2 << 20);

        try (var crowd = Crowd.start(farm.address(), files, bytesPerSecond)) {
            double slowest = restart(stage, farm, rounds);
            Deadline.within(PATIENCE).until(() -> crowd.ok() >= requests);
            crowd.stop();
            findings.atLeast("requests that went well", crowd.ok(), requests);
            crowd.judge(findings);
            findings.exactly("connections closed by the server", crowd.closedByServer(), 0);
            findings.exactly("connections that had to be made again", crowd.connectedAgain(), 0);
            findings.atMost("the slowest restart of a worker", slowest, 10, "s");
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
