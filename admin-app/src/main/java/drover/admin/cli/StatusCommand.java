package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Console;
import drover.admin.stats.WorkerSample;
import drover.admin.supervision.SlotView.WorkerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Shows the processes of a farm. */
@Command(
        name = "status",
        description = "Shows the master and the workers, with admin or without. Exit code 0 if all are up, 1 if not.",
        footer = FarmOptions.HELP)
final class StatusCommand extends ReadingCommand {

    @Override
    int show(Reading reading, FarmReader reader) {
        if (isJson()) {
            OutputOptions.sayJson(json(reading));
        } else {
            print(reading);
        }
        return reading.allUp() ? AS_WISHED : NOT_SO;
    }

    private static void print(Reading reading) {
        var master = reading.sample().master();
        Console.say(health(reading).sentence());
        Console.say("");
        Console.say("admin   " + admin(reading));
        Console.say("master  "
                + master.pid()
                        .map(pid -> (reading.masterHung() ? "HUNG" : "up") + ", pid " + pid + ", listening on "
                                + String.join(", ", master.listening()))
                        .orElse("down"));
        Console.say("");
        Console.say("worker  state      pid      uptime      connections  requests");
        reading.sample().workers().forEach(worker -> Console.say(row(worker)));
    }

    private static String row(WorkerSample worker) {
        var serving = worker.slot().processes().stream().findFirst();
        return String.format(
                Locale.ROOT,
                "%-7d %-10s %-8s %-11s %-12d %d",
                worker.slot().slot(),
                state(worker),
                serving.map(process -> String.valueOf(process.pid())).orElse("-"),
                serving.map(process -> uptime(process.startedAt())).orElse("-"),
                worker.counts().connections(),
                worker.counts().requests());
    }

    /** The slot's state, unless it is that its process does not turn. */
    static String state(WorkerSample worker) {
        return worker.slot().hung() ? "HUNG" : worker.slot().state().toString();
    }

    private static Map<String, Object> json(Reading reading) {
        var sample = reading.sample();
        var status = new LinkedHashMap<String, Object>();
        status.put("running", true);
        status.put("allUp", reading.allUp());
        status.put("health", health(reading));
        status.put("adminPid", reading.adminPid());
        status.put("masterPid", sample.master().pid());
        status.put("masterHung", reading.masterHung());
        status.put("listen", sample.master().listening());
        status.put("workersWanted", sample.wantedWorkers());
        status.put("workers", sample.workers().stream().map(StatusCommand::json).toList());
        return status;
    }

    private static Map<String, Object> json(WorkerSample worker) {
        var serving = worker.slot().processes().stream().findFirst();
        var row = new LinkedHashMap<String, Object>();
        row.put("slot", worker.slot().slot());
        row.put("state", worker.slot().state());
        row.put("hung", worker.slot().hung());
        row.put("pid", serving.map(WorkerProcess::pid));
        row.put(
                "uptimeSeconds",
                serving.map(process -> Duration.between(process.startedAt(), Instant.now())
                                .toSeconds())
                        .orElse(0L));
        row.put("connections", worker.counts().connections());
        row.put("requests", worker.counts().requests());
        return row;
    }
}
