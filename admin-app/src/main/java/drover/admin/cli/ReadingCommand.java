package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Console;
import drover.admin.supervision.RunDirectory;
import drover.admin.web.Health;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that only looks: it needs no admin, and says so when there is none. */
abstract sealed class ReadingCommand implements Callable<Integer>
        permits StatusCommand, WorkersCommand, HealthCommand, TopCommand {

    static final int AS_WISHED = 0;
    static final int NOT_SO = 1;

    @Mixin
    private FarmOptions farm = new FarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /** Shows it, and returns the exit code. */
    abstract int show(Reading first, FarmReader reader) throws IOException, InterruptedException;

    @Override
    public final Integer call() throws Exception {
        var directory = farm.runDirectory();
        var reader = new FarmReader(directory);
        var reading = reader.read();
        return reading.isPresent() ? show(reading.get(), reader) : nothing(directory);
    }

    private int nothing(RunDirectory directory) {
        Console.say(isJson() ? "{\"running\":false}" : "Nothing runs with run-directory " + directory.path() + ".");
        return NOT_SO;
    }

    final boolean isJson() {
        return output.isJson();
    }

    static Health health(Reading reading) {
        return reading.masterHung()
                ? new Health(Health.State.DOWN, "The master hangs: no new connection is taken.")
                : Health.of(reading.sample());
    }

    static String admin(Reading reading) {
        return reading.adminPid().map(pid -> "up, pid " + pid).orElse("down; the farm serves without it");
    }

    static String uptime(Instant startedAt) {
        var uptime = Duration.between(startedAt, Instant.now());
        if (uptime.toDays() > 0) {
            return "%dd %02dh".formatted(uptime.toDays(), uptime.toHoursPart());
        }
        return uptime.toHours() > 0
                ? "%dh %02dm".formatted(uptime.toHours(), uptime.toMinutesPart())
                : "%dm %02ds".formatted(uptime.toMinutes(), uptime.toSecondsPart());
    }
}
