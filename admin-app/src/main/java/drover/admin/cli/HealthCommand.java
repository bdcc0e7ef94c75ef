package drover.admin.cli;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.shared.Console;
import drover.admin.web.Health;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;

/** Tells in one sentence and one exit code whether a new request would be answered: for scripts and container checks. */
@Command(
        name = "health",
        description = {
            "Tells whether new requests are answered, with admin or without.",
            "Exit code 0 if they are, also when some workers are missing (degraded); 1 if not."
        },
        footer = FarmOptions.HELP)
final class HealthCommand extends ReadingCommand {

    @Override
    int show(Reading reading, FarmReader reader) {
        var health = health(reading);
        if (isJson()) {
            var json = new LinkedHashMap<String, Object>();
            json.put("state", health.state());
            json.put("sentence", health.sentence());
            json.put("adminUp", reading.adminPid().isPresent());
            OutputOptions.sayJson(json);
        } else {
            Console.say(health.state().word() + ": " + health.sentence()
                    + (reading.adminPid().isEmpty() ? " Admin is " + admin(reading) + "." : ""));
        }
        return health.state() == Health.State.DOWN ? NOT_SO : AS_WISHED;
    }
}
