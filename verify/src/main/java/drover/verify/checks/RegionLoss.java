package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The file of the statistics is deleted, truncated and overwritten, under the usual crowd. */
public final class RegionLoss implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final int GARBAGE_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "region-loss";
    }

    @Override
    public String rows() {
        return "T5 X25";
    }

    @Override
    public String promise() {
        return "Whatever becomes of the file of the statistics, no request fails, nobody dies and no count is lost";
    }

    /** What is done to the file. */
    private interface Harm {

        void happen(Path file) throws IOException;
    }

    private record Named(String name, Harm harm) {}

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var region = farm.runDirectory().resolve("region");
        var whole = Files.readString(region);
        var garbage = new byte[GARBAGE_BYTES];
        new Random(1).nextBytes(garbage);
        var harms = List.of(
                new Named("deleted", Files::delete),
                new Named("truncated", file -> Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING)),
                new Named("overwritten with garbage", file -> Files.write(file, garbage)));

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (var harm : harms) {
                double slowest = 0;
                double counted = requests(farm);
                for (int time = 0; time < stage.size(50, 3); time++) {
                    harm.harm().happen(region);
                    slowest = Math.max(slowest, secondsUntilWhole(region, whole));
                    double now = requests(farm);
                    if (now <= counted) {
                        findings.fail(harm.name() + ": requests counted", counted + ", then " + now);
                    }
                    counted = now;
                }
                stage.say("region " + harm.name() + ", " + stage.size(50, 3) + " times");
                findings.atMost(harm.name() + ": repaired after at most", slowest, 5, "s");
            }
            crowd.stop();
            crowd.judge(findings);
            double counted = requests(farm);
            findings.note("requests", crowd.sixCounters());
            findings.atLeast("of them counted", (long) counted, crowd.ok());
        }
        var killed = farm.worker(1);
        Processes.kill(killed);
        boolean another = Deadline.within(PATIENCE).until(() -> farm.isUp(1, killed));
        findings.judge("a new worker finds it", another ? "yes" : "no", "yes", another);
        farm.expectThese();
    }

    private static double secondsUntilWhole(Path region, String whole) {
        long begun = System.nanoTime();
        if (!Deadline.within(PATIENCE).until(() -> isWhole(region, whole))) {
            throw new FarmFailed(region + " was not repaired in " + PATIENCE);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private static boolean isWhole(Path region, String whole) {
        try {
            return Files.exists(region)
                    && Files.readString(region, StandardCharsets.ISO_8859_1).equals(whole);
        } catch (IOException replacedJustNow) {
            return false;
        }
    }

    private static double requests(Farm farm) throws IOException {
        return farm.metrics().sum("drover_http_requests_total");
    }
}
