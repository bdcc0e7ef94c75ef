package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** A worker that hangs: SIGSTOP, under the usual crowd. */
public final class StopWorker implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
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

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            Deadline.within(Duration.ofSeconds(3)).pass();
            long pid = farm.worker(1);
            long stopped = System.nanoTime();
            Processes.signal(pid, "STOP");
            boolean replaced = Deadline.within(PATIENCE).until(() -> farm.isUp(1, pid));
            double seconds = (System.nanoTime() - stopped) / 1e9;
            if (!replaced) {
                Processes.signal(pid, "CONT");
            }
            Deadline.within(Duration.ofSeconds(3)).pass();
            crowd.stop();
            findings.judge(
                    "replaced after",
                    replaced ? seconds + " s" : "never, in " + PATIENCE,
                    "≤ 5 s",
                    replaced && seconds <= 5);
            long late = crowd.coming().tally().failures().stream()
                    .filter(failure -> failure.openedNanos() - stopped > 1_000_000_000L)
                    .count();
            findings.exactly("new connections that failed, from 1 s later on", late, 0);
            findings.note("requests", crowd.sixCounters());
        }
        findings.judge("thread dump", hasThreadDump(farm) ? "kept" : "none", "kept", hasThreadDump(farm));
        farm.expectThese();
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
