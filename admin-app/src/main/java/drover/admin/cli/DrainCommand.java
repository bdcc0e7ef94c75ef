package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends one worker with all the time that is set for it. */
@Command(
        name = "drain",
        description = {
            "Lets a worker finish what it has begun, within drain-timeout, and leaves its slot stopped.",
            OrderCommand.EXIT_CODES
        },
        footer = FarmOptions.HELP)
final class DrainCommand extends OrderCommand {

    @Parameters(paramLabel = "SLOT", description = "The worker, by its number.")
    private int slot;

    @Override
    Answer ask(AdminClient admin) throws IOException {
        return admin.post("/api/v1/workers/" + slot + "/drain");
    }
}
