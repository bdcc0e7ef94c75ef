package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Outcome;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Processes;
import java.time.Duration;

/** {@code kill -9} of the master, under the usual crowd. */
public final class KillMaster implements Check {

    private static final long DOWNLOAD_BYTES = 100L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "kill-master";
    }

    @Override
    public String rows() {
        return "X4";
    }

    @Override
    public String promise() {
        return "A master that is killed disconnects nobody, and new connections wait at most 1 s";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        farm.expectErrors("master ended");
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var workers = farm.workers();

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (int round = 1; round <= stage.size(10, 2); round++) {
                Deadline.within(Duration.ofSeconds(4)).pass();
                kill(farm);
                stage.say("master " + round + " killed and replaced");
            }
            Deadline.within(Duration.ofSeconds(4)).pass();
            crowd.stop();
            findings.exactly("failed requests on established connections", crowd.failedOfStaying(), 0);
            findings.exactly("new connections refused", crowd.coming().tally().of(Outcome.REFUSED), 0);
            findings.exactly(
                    "new connections that failed", crowd.coming().tally().failed(), 0);
            findings.atMost(
                    "the slowest new connection",
                    crowd.coming().tally().latencies().percentileMillis(100),
                    1000,
                    "ms");
            findings.note("requests", crowd.sixCounters());
        }
        findings.judge(
                "workers",
                farm.workers().toString(),
                workers.toString(),
                farm.workers().equals(workers));
        farm.expectThese();
    }

    private static void kill(Farm farm) throws Exception {
        long master = farm.master();
        Processes.signal(master, "KILL");
        if (!Deadline.within(PATIENCE)
                .until(() -> farm.hasMasterOtherThan(master) && farm.isUp(1, 0) && farm.isUp(2, 0))) {
            throw new FarmFailed("no whole farm in " + PATIENCE + " after its master was killed");
        }
    }
}
