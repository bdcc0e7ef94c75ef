package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Processes;
import java.time.Duration;

/** The admin killed and started again, and frozen for a minute, under the usual crowd. */
public final class KillAdmin implements Check {

    private static final long DOWNLOAD_BYTES = 100L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;

    @Override
    public String name() {
        return "kill-admin";
    }

    @Override
    public String rows() {
        return "X5–X7";
    }

    @Override
    public String promise() {
        return "Without its admin a farm serves on, and the next admin takes over the same processes";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var road = farm.processesOfTheRoad();

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            Deadline.within(Duration.ofSeconds(3)).pass();
            Processes.signal(farm.admin(), "KILL");
            stage.say("admin killed");
            Deadline.within(stage.seconds(30, 5)).pass();
            farm.startAgain();
            stage.say("the next admin is up");
            findings.judge(
                    "master and workers after the next admin came",
                    farm.processesOfTheRoad().toString(),
                    road.toString(),
                    farm.processesOfTheRoad().equals(road));

            Processes.signal(farm.admin(), "STOP");
            Deadline.within(stage.seconds(60, 5)).pass();
            Processes.signal(farm.admin(), "CONT");
            stage.say("admin was frozen and goes on");
            Deadline.within(Duration.ofSeconds(5)).pass();
            crowd.stop();
            crowd.judge(findings);
            findings.exactly("connections closed by the server", crowd.closedByServer(), 0);
            findings.judge(
                    "master and workers after it was frozen",
                    farm.processesOfTheRoad().toString(),
                    road.toString(),
                    farm.processesOfTheRoad().equals(road));
        }
    }
}
