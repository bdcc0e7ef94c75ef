package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Tally.Failure;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Processes;
import drover.verify.farm.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code kill -9} of each worker in turn, under the usual crowd. */
public final class KillWorker implements Check {

    private static final long DOWNLOAD_BYTES = 20L << 20;
    private static final long BYTES_PER_SECOND = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So long that no slot has five crashes within a minute, after which it would be left alone. */
    private static final Duration BETWEEN = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "kill-worker";
    }

    @Override
    public String rows() {
        return "X1 I6";
    }

    @Override
    public String promise() {
        return "A worker that is killed hurts only the connections it held, once each, and another serves within 1 s";
    }

    /** Which clients' connections the worker held when it was killed. */
    private record Kill(long atNanos, Set<Integer> held) {

        boolean explains(Failure failure) {
            return held.contains(failure.localPort())
                    && failure.openedNanos() - atNanos < 0
                    && failure.failedNanos() - atNanos > 0;
        }
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var files = Crowd.Files.write(farm.sites(), DOWNLOAD_BYTES);
        var kills = new ArrayList<Kill>();
        var seconds = new ArrayList<Double>();

        try (var crowd = Crowd.start(farm.address(), files, BYTES_PER_SECOND)) {
            for (int round = 1; round <= stage.size(10, 1); round++) {
                for (int slot = 1; slot <= 2; slot++) {
                    Deadline.within(BETWEEN).pass();
                    seconds.add(kill(farm, slot, kills));
                    stage.say(
                            "worker " + slot + " held " + kills.getLast().held().size()
                                    + " connections, another serves after " + seconds.getLast() + " s");
                }
            }
            Deadline.within(BETWEEN).pass();
            crowd.stop();
            judge(findings, crowd.failures(), kills);
            findings.note("requests", crowd.sixCounters());
        }
        seconds.sort(null);
        findings.atMost("the next one serves after, median", seconds.get(seconds.size() / 2), 1, "s");
        findings.note("the slowest", seconds.getLast() + " s");
        farm.expectThese();
    }

    /** Stopped first, for the moment in which it is looked up what it holds. */
    private static double kill(Farm farm, int slot, List<Kill> kills) throws IOException, InterruptedException {
        long pid = farm.worker(slot);
        Processes.signal(pid, "STOP");
        var held = Sockets.clientsOf(farm.address().getPort(), pid);
        kills.add(new Kill(System.nanoTime(), held));
        Processes.signal(pid, "KILL");
        long begun = System.nanoTime();
        if (!Deadline.within(PATIENCE).until(() -> farm.isUp(slot, pid))) {
            throw new FarmFailed("no other worker " + slot + " in " + PATIENCE);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void judge(Findings findings, List<Failure> failures, List<Kill> kills) {
        var unexplained = failures.stream()
                .filter(failure -> kills.stream().noneMatch(kill -> kill.explains(failure)))
                .toList();
        findings.exactly("failures on connections that no killed worker held", unexplained.size(), 0);
        unexplained.stream().findFirst().ifPresent(failure -> findings.note("the first of them", failure.toString()));
        long held = kills.stream().mapToLong(kill -> kill.held().size()).sum();
        findings.atMost("failures on connections that they held", failures.size() - (long) unexplained.size(), held);
    }
}
