package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Console;
import drover.admin.stats.WorkerSample;
import drover.admin.web.Views;
import drover.engine.stats.Counter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/** Shows each worker with all its processes and what it has come to. */
@Command(
        name = "workers",
        description = {
            "Shows each worker: its processes, connections, requests and restarts, with admin or without.",
            "Exit code 0 if all are up, 1 if not. With -o json, Workers as docs/formats/api.md has them, without rates."
        },
        footer = FarmOptions.HELP)
final class WorkersCommand extends ReadingCommand {

    @Override
    int show(Reading reading, FarmReader reader) {
        if (isJson()) {
            var workers = OutputOptions.tree(Views.workers(reading.sample()));
            // One look knows no rate, and 0 would be a lie.
            workers.forEach(worker -> ((ObjectNode) worker).remove(List.of("requestsPerSecond", "processors")));
            OutputOptions.sayJson(workers);
        } else {
            print(reading);
        }
        return reading.allUp() ? AS_WISHED : NOT_SO;
    }

    private static void print(Reading reading) {
        if (reading.adminPid().isEmpty()) {
            Console.say("admin is " + admin(reading));
            Console.say("");
        }
        Console.say("worker  state     reading  writing     idle      requests       5xx  heartbeat  restarts");
        reading.sample().workers().forEach(WorkersCommand::print);
    }

    private static void print(WorkerSample worker) {
        var slot = worker.slot();
        Console.say(String.format(
                Locale.ROOT,
                "%-7d %-9s %7d  %7d  %7d  %12d  %8d  %9s  %s",
                slot.slot(),
                StatusCommand.state(worker),
                worker.connections().reading(),
                worker.connections().writing(),
                worker.connections().idle(),
                worker.counts().requests(),
                worker.counts().get(Counter.REQUESTS_5XX),
                worker.heartbeatAgeSeconds()
                        .map(age -> String.format(Locale.ROOT, "%.1f s", age))
                        .orElse("-"),
                restarts(worker)));
        slot.processes()
                .forEach(process -> Console.say(String.format(
                        Locale.ROOT,
                        "        pid %d, %s, up %s",
                        process.pid(),
                        process.hung() ? "HUNG" : process.state(),
                        uptime(process.startedAt()))));
        if (!slot.detail().isEmpty()) {
            Console.say("        " + OutputOptions.printable(slot.detail()));
        }
    }

    private static String restarts(WorkerSample worker) {
        var counted = worker.slot().restarts().entrySet().stream()
                .filter(reason -> reason.getValue() > 0)
                .map(reason -> reason.getValue() + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        return counted.isEmpty() ? "none" : counted;
    }
}
