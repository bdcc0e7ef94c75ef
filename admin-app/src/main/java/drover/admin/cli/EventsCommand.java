package drover.admin.cli;

import drover.admin.events.Event;
import drover.admin.events.EventsFile;
import drover.admin.events.Journal;
import drover.admin.shared.Console;
import java.nio.file.Files;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what has happened, from the journal's file. */
@Command(
        name = "events",
        description = {
            "Shows what has happened and who had a hand in it, the latest last, with admin or without: starts, crashes,"
                    + " hangs, restarts, commands, signals, logins.",
            "Exit code 1 if nothing has happened yet. With -o json, one event a line as docs/formats/events.md has it."
        },
        footer = FarmOptions.HELP)
final class EventsCommand implements Callable<Integer> {

    private static final int SHOWN = 0;
    private static final int NO_EVENTS = 1;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Mixin
    private FarmOptions farm = new FarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "-f", description = "Goes on with what happens, until Ctrl+C.")
    private boolean follow;

    @Option(names = "-n", paramLabel = "N", description = "So many, 20 unless given.", defaultValue = "20")
    private int count;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "-n must not be negative");
        }
        var path = Journal.path(farm.properties());
        if (follow) {
            FileTail.of(path)
                    .read(
                            count,
                            /* follow= */ true,
                            line -> EventsFile.parse(line).ifPresent(this::say));
        }
        if (Files.notExists(path)) {
            Console.complain("nothing has happened yet: there is no " + path);
            return NO_EVENTS;
        }
        new EventsFile(path).latest(count).forEach(this::say);
        return SHOWN;
    }

    private void say(Event event) {
        if (output.isJson()) {
            OutputOptions.sayJson(event);
        } else {
            Console.say(OutputOptions.printable(text(event)));
        }
    }

    private static String text(Event event) {
        var text = new StringBuilder("%s  %-17s  %-8s"
                .formatted(TIME.format(event.at()), event.kind().label(), event.actor()));
        event.slot().ifPresent(slot -> text.append("  worker ").append(slot));
        event.pid().ifPresent(pid -> text.append("  pid ").append(pid));
        event.address().ifPresent(address -> text.append("  from ").append(address));
        event.cause().ifPresent(cause -> text.append("  ").append(cause));
        event.detail().ifPresent(detail -> text.append("  ").append(detail));
        event.crash().ifPresent(crash -> text.append("  ./drover crash show ").append(crash));
        return text.toString();
    }
}
