package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes how many workers there are. */
@Command(
        name = "scale",
        description = {
            "Has so many workers, 1 to 64, until drover down or another number in the configuration.",
            OrderCommand.EXIT_CODES
        },
        footer = FarmOptions.HELP)
final class ScaleCommand extends OrderCommand {

    @Parameters(paramLabel = "N", description = "How many workers.")
    private int size;

    @Override
    Answer ask(AdminClient admin) throws IOException {
        return admin.put("/api/v1/pool", "{\"size\":" + size + "}");
    }
}
