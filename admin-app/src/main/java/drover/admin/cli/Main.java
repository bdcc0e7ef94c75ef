package drover.admin.cli;

import drover.admin.config.ConfigInvalid;
import drover.admin.shared.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code drover status}, {@code drover down} and {@code drover hash-password}. Exit codes: 0 as wished; 1 not so; 2 wrong usage. */
@Command(
        name = "drover",
        description = "A static web server that you can watch, and restart without anyone noticing.",
        subcommands = {StatusCommand.class, DownCommand.class, HashPasswordCommand.class})
public final class Main {

    public static void main(String... arguments) {
        var commandLine = new CommandLine(new Main());
        // Settings look like options, but which there are only the configuration knows.
        commandLine.setUnmatchedOptionsArePositionalParams(true);
        commandLine.setExecutionExceptionHandler((failure, _, _) -> {
            Console.complain(String.valueOf(failure.getMessage()));
            return failure instanceof ConfigInvalid ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commandLine.execute(arguments));
    }
}
