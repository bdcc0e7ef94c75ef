package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Operator;
import drover.verify.farm.Processes;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Descriptors before and after crowds, restarts and a kill. */
public final class Leaks implements Check {

    private static final long DOWNLOAD_BYTES = 4L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final Duration TO_SETTLE = Duration.ofSeconds(40);
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    @Override
    public String name() {
        return "leaks";
    }

    @Override
    public String rows() {
        return "I7";
    }

    @Override
    public String promise() {
        return "After everything that can happen to it, each process has as many descriptors open as at its start";
    }

    /** Of admin, master and both workers: the fewest seen in a second, because admin opens files for a moment. */
    private static List<Integer> descriptors(Farm farm) {
        var fewest = once(farm);
        for (var end = Deadline.within(A_SECOND); !end.isOver(); ) {
            Deadline.within(BETWEEN_LOOKS).pass();
            fewest = least(fewest, once(farm));
        }
        return fewest;
    }

    private static List<Integer> least(List<Integer> some, List<Integer> others) {
        return IntStream.range(0, some.size())
                .mapToObj(i -> Math.min(some.get(i), others.get(i)))
                .toList();
    }

    private static List<Integer> once(Farm farm) {
        return List.of(
                Processes.descriptors(farm.admin()),
                Processes.descriptors(farm.master()),
                Processes.descriptors(farm.worker(1)),
                Processes.descriptors(farm.worker(2)));
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        // So short that idle connections and open files are let go while we watch.
        var farm = stage.farm("--drover.keep-alive-timeout=2s");
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        load(stage, farm, files, 3);
        Deadline.within(Duration.ofSeconds(10)).pass();
        var before = descriptors(farm);
        stage.say("admin, master and workers have " + before + " descriptors");

        var operator = Operator.of(farm);
        for (int round = 1; round <= stage.size(5, 1); round++) {
            operator.restart(1);
            operator.restart(2);
            long killed = farm.worker(1);
            Processes.kill(killed);
            Deadline.within(Duration.ofSeconds(60)).until(() -> farm.isUp(1, killed));
            load(stage, farm, files, stage.size(20, 3));
        }
        Deadline.within(TO_SETTLE).until(() -> descriptors(farm).equals(before));
        var after = descriptors(farm);
        findings.judge(
                "descriptors of admin, master, workers", after.toString(), before.toString(), after.equals(before));
        farm.expectThese();
    }

    private static void load(Stage stage, Farm farm, Crowd.Files files, int seconds) {
        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            Deadline.within(Duration.ofSeconds(seconds)).pass();
            crowd.stop();
            stage.say("crowd: " + crowd.sixCounters());
        }
    }
}
