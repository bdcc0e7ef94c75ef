package drover.admin.cli;

import drover.admin.shared.Console;
import drover.admin.supervision.ControlClient;
import drover.admin.supervision.FarmFile;
import drover.admin.supervision.RunDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a farm, with its admin or without. */
@Command(
        name = "down",
        description = "Lets requests in flight finish and stops everything. Exit code 1 if nothing ran.",
        footer = FarmOptions.HELP)
final class DownCommand implements Callable<Integer> {

    private static final int STOPPED = 0;
    private static final int NOTHING_RAN = 1;
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Mixin
    private FarmOptions options = new FarmOptions();

    @Override
    public Integer call() throws Exception {
        var properties = options.properties();
        var directory = new RunDirectory(properties.runDirectory());
        var patience = properties.drainTimeout().plus(GRACE);
        var admin = directory.holder().flatMap(ProcessHandle::of);
        if (admin.isPresent()) {
            return stopAdmin(admin.get(), patience);
        }
        var farm = FarmFile.in(directory);
        if (farm.isEmpty()) {
            Console.say("Nothing runs with run-directory " + directory.path() + ".");
            return NOTHING_RAN;
        }
        stopFarm(directory, farm.get(), patience);
        Console.say("Drover has stopped.");
        return STOPPED;
    }

    /** Admin ends its farm itself. */
    private static int stopAdmin(ProcessHandle admin, Duration patience) throws Exception {
        admin.destroy();
        admin.onExit().get(patience.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        Console.say("Drover has stopped.");
        return STOPPED;
    }

    /** Admin is gone: its master and workers are told, waited for, and at last killed. */
    private static void stopFarm(RunDirectory directory, FarmFile farm, Duration patience)
            throws IOException, InterruptedException {
        try {
            ControlClient.of(directory).ask("stop");
        } catch (IOException masterGone) {
            processes(farm).forEach(FarmFile.Entry::terminate);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (processes(farm).anyMatch(FarmFile.Entry::isAlive) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        processes(farm).forEach(FarmFile.Entry::kill);
        directory.endTwins();
        directory.clear();
    }

    private static Stream<FarmFile.Entry> processes(FarmFile farm) {
        return Stream.concat(farm.master().stream(), farm.slots().stream().flatMap(slot -> slot.processes().stream()));
    }
}
