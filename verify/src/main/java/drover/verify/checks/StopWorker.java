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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;

/** A worker that hangs: SIGSTOP, under the usual crowd. */
public final class StopWorker implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final Duration BETWEEN = Duration.ofSeconds(8);
    private static final long A_SECOND_NANOS = 1_000_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "stop-worker";
    }

    @Override
    public String rows() {
        return "X2";
    }

    @Override
    public String promise() {
        return "A worker that hangs gets no connection after 1 s and is replaced within 5 s, its thread dump kept";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var stops = new ArrayList<Long>();
        var seconds = new ArrayList<Double>();

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (int round = 1; round <= stage.size(6, 1); round++) {
                Deadline.within(BETWEEN).pass();
                stops.add(System.nanoTime());
                int slot = round % 2 + 1;
                seconds.add(stop(farm, slot));
                stage.say("worker %d replaced after %.2f s".formatted(slot, seconds.getLast()));
            }
            Deadline.within(BETWEEN).pass();
            crowd.stop();
            findings.atMost("replaced after, the slowest", Collections.max(seconds), 5, "s");
            long late = crowd.coming().tally().failures().stream()
                    .filter(failure -> stops.stream()
                            .map(stop -> failure.openedNanos() - stop)
                            .noneMatch(nanos -> nanos > 0 && nanos <= A_SECOND_NANOS))
                    .count();
            findings.exactly("new connections that failed, but in the first second", late, 0);
            findings.note("requests", crowd.sixCounters());
        }
        findings.judge("thread dump", hasThreadDump(farm) ? "kept" : "none", "kept", hasThreadDump(farm));
        farm.expectThese();
    }

    /** Seconds until another process of the slot serves. */
    private static double stop(Farm farm, int slot) throws InterruptedException, IOException {
        long pid = farm.worker(slot);
        long begun = System.nanoTime();
        Processes.signal(pid, "STOP");
        if (!Deadline.within(PATIENCE).until(() -> farm.isUp(slot, pid))) {
            Processes.signal(pid, "CONT");
            throw new FarmFailed("no other worker " + slot + " in " + PATIENCE);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private static boolean hasThreadDump(Farm farm) throws IOException {
        try (var files = Files.walk(farm.directory())) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(farm.sites()))
                    .toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("Full thread dump")) {
                    return true;
                }
            }
            return false;
        }
    }
}
