package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Console;
import drover.admin.web.Health;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows once a second what every worker does, until somebody has seen enough. */
@Command(
        name = "top",
        description = {
            "Shows what every worker does and which requests it is at, anew each second, with admin or without; q or",
            "Ctrl+C ends it. ttfb is what 50, 90, 99 and 99.9 of 100 requests waited at most for their first byte.",
            "Exit code 1 if the farm has ended. With -o json or --once one frame, over one second."
        },
        footer = FarmOptions.HELP)
final class TopCommand extends ReadingCommand {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Option(names = "--once", description = "One frame to standard output, which need be no terminal.")
    private boolean once;

    @Override
    int show(Reading first, FarmReader reader) throws IOException, InterruptedException {
        if (once || isJson()) {
            return showOnce(first, reader);
        }
        if (!Terminal.isThere()) {
            Console.complain("top needs a terminal; --once prints one frame without");
            return NOT_SO;
        }
        try (var terminal = Terminal.open()) {
            return showOn(terminal, first, reader);
        }
    }

    private int showOnce(Reading first, FarmReader reader) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        var second = reader.read();
        if (second.isEmpty()) {
            Console.say("Drover has stopped.");
            return NOT_SO;
        }
        var frame = new TopFrame(first, second.get(), health(second.get()));
        if (isJson()) {
            OutputOptions.sayJson(frame.json());
        } else {
            frame.lines().forEach(Console::say);
        }
        return frame.health().state() == Health.State.DOWN ? NOT_SO : AS_WISHED;
    }

    private static int showOn(Terminal terminal, Reading first, FarmReader reader)
            throws IOException, InterruptedException {
        var before = first;
        var latest = Optional.of(first);
        while (latest.isPresent()) {
            var now = latest.get();
            terminal.show(new TopFrame(before, now, health(now)).lines());
            if (terminal.isQuitWithin(INTERVAL)) {
                return AS_WISHED;
            }
            before = now;
            latest = reader.read();
        }
        return NOT_SO;
    }
}
