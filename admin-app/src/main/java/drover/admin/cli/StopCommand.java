package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends one worker soon. */
@Command(
        name = "stop",
        description = {
            "Ends a worker within two seconds and leaves its slot stopped. Everything at once: ./drover down.",
            OrderCommand.EXIT_CODES
        },
        footer = FarmOptions.HELP)
final class StopCommand extends OrderCommand {

    @Parameters(paramLabel = "SLOT", description = "The worker, by its number.")
    private int slot;

    @Override
    Answer ask(AdminClient admin) throws IOException {
        return admin.post("/api/v1/workers/" + slot + "/stop");
    }
}
