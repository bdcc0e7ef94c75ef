package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Restarts one worker, or all, one after the other. */
@Command(
        name = "restart",
        description = {
            "Replaces a worker, or without SLOT all that are not stopped, one after the other. No connection is closed:"
                    + " the successor serves before its predecessor hands over and leaves.",
            OrderCommand.EXIT_CODES
        },
        footer = FarmOptions.HELP)
final class RestartCommand extends OrderCommand {

    @Parameters(arity = "0..1", paramLabel = "SLOT", description = "The worker, by its number.")
    private Optional<Integer> slot = Optional.empty();

    @Option(names = "--rolling", description = "All, one after the other; the same as no SLOT.")
    private boolean rolling;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    Answer ask(AdminClient admin) throws IOException {
        if (rolling && slot.isPresent()) {
            throw new ParameterException(spec.commandLine(), "give a SLOT or --rolling, not both");
        }
        return admin.post(
                slot.map(number -> "/api/v1/workers/" + number + "/restart").orElse("/api/v1/workers/rolling-restart"));
    }
}
