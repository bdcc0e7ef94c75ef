package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Outcome;
import drover.verify.farm.Deadline;
import drover.verify.farm.Processes;
import java.time.Duration;

/** SIGTERM of everything, under the usual crowd with downloads that take two seconds. */
public final class Sigterm implements Check {

    private static final long DOWNLOAD_BYTES = 8L << 20;
    private static final long BYTES_PER_SECOND = 4 << 20;

    @Override
    public String name() {
        return "sigterm";
    }

    @Override
    public String rows() {
        return "X23";
    }

    @Override
    public String promise() {
        return "Told to end, a farm finishes what it is sending, and is gone within 12 s";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            Deadline.within(Duration.ofSeconds(4)).pass();
            long begun = System.nanoTime();
            Processes.signal(farm.admin(), "TERM");
            boolean gone = Deadline.within(Duration.ofSeconds(60)).until(farm::isGone);
            double seconds = (System.nanoTime() - begun) / 1e9;
            crowd.stop();
            findings.judge("everything gone after", gone ? seconds + " s" : "never", "≤ 12 s", gone && seconds <= 12);
            findings.exactly("bodies truncated", crowd.of(Outcome.TRUNCATED), 0);
            findings.exactly("answers that were wrong", crowd.of(Outcome.WRONG), 0);
            findings.exactly("new connections reset", crowd.coming().tally().of(Outcome.RESET), 0);
            findings.note("requests", crowd.sixCounters());
        }
        farm.expectThese();
    }
}
