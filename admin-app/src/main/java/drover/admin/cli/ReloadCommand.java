package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes up what stands in the configuration's file. */
@Command(
        name = "reload",
        description = {
            "Takes up the configuration's file: checks it, tries it out of sight, and restarts the workers one after the"
                    + " other; if a page would be found no more, it says which and changes nothing.",
            OrderCommand.EXIT_CODES
        },
        footer = FarmOptions.HELP)
final class ReloadCommand extends OrderCommand {

    @Option(names = "--force", description = "Even if pages are found no more.")
    private boolean force;

    @Override
    Answer ask(AdminClient admin) throws IOException {
        return admin.post("/api/v1/config/reload" + (force ? "?force=true" : ""));
    }
}
