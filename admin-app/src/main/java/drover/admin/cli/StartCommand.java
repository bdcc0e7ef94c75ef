package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Starts one worker. */
@Command(
        name = "start",
        description = {"Starts a worker that was stopped or has failed.", OrderCommand.EXIT_CODES},
        footer = FarmOptions.HELP)
final class StartCommand extends OrderCommand {

    @Parameters(paramLabel = "SLOT", description = "The worker, by its number.")
    private int slot;

    @Override
    Answer ask(AdminClient admin) throws IOException {
        return admin.post("/api/v1/workers/" + slot + "/start");
    }
}
