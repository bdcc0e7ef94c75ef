package drover.admin.cli;

import drover.admin.config.DroverProperties;
import drover.admin.shared.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the end of a log, and what is added to it. */
@Command(
        name = "logs",
        description = {
            "Shows the last lines of a log: the access log of all workers, or the log of a process.",
            "Exit code 1 if there is no such log yet."
        },
        footer = FarmOptions.HELP)
final class LogsCommand implements Callable<Integer> {

    private static final int SHOWN = 0;
    private static final int NO_LOG = 1;

    @Mixin
    private FarmOptions farm = new FarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--access", description = "The access log of all workers (the default).")
    private boolean access;

    @Option(names = "--worker", paramLabel = "SLOT", description = "What the worker of a slot writes of itself.")
    private Optional<Integer> worker = Optional.empty();

    @Option(names = "--master", description = "The master's log.")
    private boolean master;

    @Option(names = "--admin", description = "Admin's log.")
    private boolean admin;

    @Option(names = "-f", description = "Goes on with what is added, over rotations, until Ctrl+C.")
    private boolean follow;

    @Option(names = "-n", paramLabel = "N", description = "So many lines, 20 unless given.", defaultValue = "20")
    private int lines;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (lines < 0) {
            throw new ParameterException(spec.commandLine(), "-n must not be negative");
        }
        if (Stream.of(access, worker.isPresent(), master, admin)
                        .filter(chosen -> chosen)
                        .count()
                > 1) {
            throw new ParameterException(
                    spec.commandLine(), "one of --access, --worker, --master and --admin, not several");
        }
        var file = file(farm.properties());
        if (Files.notExists(file) && !follow) {
            Console.complain("there is no " + file + " yet");
            return NO_LOG;
        }
        FileTail.of(file).read(lines, follow, line -> say(file, line));
        return SHOWN;
    }

    private Path file(DroverProperties properties) {
        if (worker.isPresent()) {
            return properties.logDirectory().resolve("worker-" + worker.get() + ".log");
        }
        if (master || admin) {
            return properties.logDirectory().resolve(master ? "master.log" : "admin.log");
        }
        return properties
                .accessLogFile()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        properties.isAccessLogToStandardOutput()
                                ? "access-log is -: requests are logged to the standard output of drover up"
                                : "access-log is off: requests are not logged"));
    }

    private void say(Path file, String line) {
        if (output.isJson()) {
            OutputOptions.sayJson(Map.of("file", file.getFileName().toString(), "line", line));
        } else {
            Console.say(OutputOptions.printable(line));
        }
    }
}
