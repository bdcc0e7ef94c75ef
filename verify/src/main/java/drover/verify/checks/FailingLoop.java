package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.agent.LoopFault;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Event loops that spin, throw, and run out of memory, under the usual crowd. */
public final class FailingLoop implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    private static final double LIMIT_SECONDS = 5;

    @Override
    public String name() {
        return "failing-loop";
    }

    @Override
    public String rows() {
        return "X3 X8 X9";
    }

    @Override
    public String promise() {
        return "However an event loop fails, 5 s later no worker lives that does not serve";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var faults = Files.createDirectories(stage.directory().resolve("faults"));
        var agent = stage.home().resolve("verify/target/verify.jar");
        var farm = stage.farmUnder(List.of("env", "JDK_JAVA_OPTIONS=-javaagent:" + agent + "=" + faults));
        farm.expectErrors("event loop failed");
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var ends = new ArrayList<Long>();

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (var fault : LoopFault.values()) {
                Deadline.within(BETWEEN).pass();
                ends.add(strike(farm, fault, faults, findings) + (long) (LIMIT_SECONDS * 1e9));
            }
            Deadline.within(BETWEEN).pass();
            crowd.stop();
            long late = crowd.coming().tally().failures().stream()
                    .filter(failure -> ends.stream()
                            .noneMatch(end -> failure.openedNanos() - end < 0
                                    && failure.openedNanos() - end > -(long) (LIMIT_SECONDS * 1e9)))
                    .count();
            findings.exactly("new connections that failed while no loop was failing", late, 0);
            findings.note("requests", crowd.sixCounters());
        }
        farm.expectThese();
    }

    /** Orders a fault, waits until the worker whose loop took the order has a successor, and returns when it was ordered. */
    private static long strike(Farm farm, LoopFault fault, Path faults, Findings findings) throws IOException {
        var before = workers(farm);
        var name = fault.name().toLowerCase(Locale.ROOT);
        long begun = System.nanoTime();
        Files.createFile(fault.file(faults));
        boolean gone = Deadline.within(PATIENCE)
                .until(() -> before.values().stream()
                        .anyMatch(pid -> ProcessHandle.of(pid).isEmpty()));
        if (!gone) {
            throw new FarmFailed("a loop's " + name + " ended no worker of " + before);
        }
        findings.atMost(name + ": the worker is gone after", secondsSince(begun), LIMIT_SECONDS, "s");
        if (!Deadline.within(PATIENCE).until(() -> isReplaced(farm, before))) {
            throw new FarmFailed("nobody serves instead of the worker that ended of " + name);
        }
        findings.note(name + ": another serves after", secondsSince(begun) + " s");
        return begun;
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static boolean isReplaced(Farm farm, Map<Integer, Long> before) {
        return before.entrySet().stream().anyMatch(slot -> farm.isUp(slot.getKey(), slot.getValue()))
                && before.keySet().stream().allMatch(slot -> farm.isUp(slot, 0));
    }

    private static Map<Integer, Long> workers(Farm farm) {
        var workers = new TreeMap<Integer, Long>();
        for (int slot = 1; slot <= 2; slot++) {
            workers.put(slot, farm.worker(slot));
        }
        return workers;
    }
}
