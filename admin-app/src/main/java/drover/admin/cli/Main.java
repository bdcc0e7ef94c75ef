package drover.admin.cli;

import drover.admin.config.ConfigInvalid;
import drover.admin.shared.Console;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of {@code drover} beside {@code up}. Exit codes: 0 as wished; 1 not so; 2 wrong usage. */
@Command(
        name = "drover",
        description = "A static web server that you can watch, and restart without anyone noticing.",
        subcommands = {
            StatusCommand.class,
            TopCommand.class,
            WorkersCommand.class,
            HealthCommand.class,
            EventsCommand.class,
            CrashCommand.class,
            LogsCommand.class,
            RestartCommand.class,
            ScaleCommand.class,
            DrainCommand.class,
            StopCommand.class,
            StartCommand.class,
            ExplainCommand.class,
            ReloadCommand.class,
            ConfigCommand.class,
            DownCommand.class,
            HashPasswordCommand.class
        })
public final class Main {

    /** Settings look like options, but which there are only the configuration knows. */
    private static final Predicate<String> IS_SETTING = argument -> argument.startsWith("--drover.");

    private final List<String> settings;

    Main(List<String> settings) {
        this.settings = settings;
    }

    public static void main(String... arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(String... arguments) {
        var commandLine =
                new CommandLine(new Main(Stream.of(arguments).filter(IS_SETTING).toList()));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, _, _) -> {
            Console.complain(String.valueOf(failure.getMessage()));
            return failure instanceof ConfigInvalid ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine.execute(
                Stream.of(arguments).filter(IS_SETTING.negate()).toArray(String[]::new));
    }

    /** The arguments {@code --drover.KEY=VALUE}, which {@link FarmOptions} gives to the configuration. */
    List<String> settings() {
        return settings;
    }
}
