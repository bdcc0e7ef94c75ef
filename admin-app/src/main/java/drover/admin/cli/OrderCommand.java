package drover.admin.cli;

import drover.admin.cli.AdminClient.AdminAway;
import drover.admin.cli.AdminClient.Answer;
import drover.admin.shared.Console;
import drover.admin.shared.OsSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that goes to admin, which shows how it gets on until it is done. Ctrl+C ends the showing, not the operation. */
abstract class OrderCommand implements Callable<Integer> {

    static final String EXIT_CODES =
            "Exit code 0 when it is done (with --no-wait: accepted), 1 if it failed or was refused, 2 for wrong usage.";

    private static final int DONE = 0;
    private static final int NOT_DONE = 1;
    private static final int WRONG_USAGE = 2;
    private static final int INTERRUPTED = 130;
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final String RUNNING = "RUNNING";

    @Mixin
    private FarmOptions farm = new FarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--no-wait", description = "Returns as soon as the command is accepted.")
    private boolean noWait;

    /** Asks it of admin. */
    abstract Answer ask(AdminClient admin) throws IOException;

    @Override
    public final Integer call() throws Exception {
        var directory = farm.runDirectory();
        if (!FarmReader.isThere(directory)) {
            Console.complain("nothing runs with run-directory " + directory.path() + "; ./drover up starts it");
            return NOT_DONE;
        }
        var admin = new AdminClient(directory);
        var answer = ask(admin);
        if (!answer.isSuccess()) {
            return refused(answer);
        }
        return noWait ? accepted(answer.body()) : follow(admin, answer.body());
    }

    private int refused(Answer answer) {
        if (output.isJson()) {
            OutputOptions.sayJson(answer.body());
        } else {
            Console.complain(answer.problem());
        }
        return answer.status() == 400 ? WRONG_USAGE : NOT_DONE;
    }

    private int accepted(JsonNode operation) {
        if (output.isJson()) {
            OutputOptions.sayJson(operation);
        } else {
            Console.say("accepted as operation " + operation.path("id").asString());
        }
        return DONE;
    }

    private int follow(AdminClient admin, JsonNode begun) throws IOException, InterruptedException {
        var path = "/api/v1/operations/" + begun.path("id").asString();
        OsSignal.on("INT", () -> {
            Console.complain("no longer watched, but the "
                    + begun.path("action").asString() + " goes on; ./drover status shows how it is");
            Runtime.getRuntime().halt(INTERRUPTED);
        });
        var said = "";
        var operation = begun;
        while (operation.path("state").asString().equals(RUNNING)) {
            said = tell(operation, said);
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            operation = look(admin, path);
        }
        return ended(operation);
    }

    private static JsonNode look(AdminClient admin, String path) throws IOException {
        try {
            var answer = admin.get(path);
            if (answer.isSuccess()) {
                return answer.body();
            }
            throw new AdminAway(answer.problem());
        } catch (AdminAway away) {
            throw new AdminAway(
                    "accepted, but not seen to the end, which the next admin takes it to: " + away.getMessage());
        }
    }

    private String tell(JsonNode operation, String said) {
        var now = doing(operation);
        if (!output.isJson() && !now.equals(said) && !now.isEmpty()) {
            Console.say(now);
        }
        return now;
    }

    private static String doing(JsonNode operation) {
        var detail = operation.path("detail").asString("");
        int total = operation.path("progress").path("total").asInt();
        if (detail.isEmpty()) {
            return "";
        }
        return total > 1
                ? "%d of %d, %s"
                        .formatted(operation.path("progress").path("done").asInt(), total, detail)
                : operation.path("slot").isNumber()
                        ? "worker " + operation.path("slot").asInt() + ": " + detail
                        : detail;
    }

    private int ended(JsonNode operation) {
        boolean done = operation.path("state").asString().equals("DONE");
        if (output.isJson()) {
            OutputOptions.sayJson(operation);
        } else if (done) {
            Console.say(operation.path("detail").asString() + ", after " + seconds(operation));
        } else {
            Console.complain(operation.path("action").asString() + " "
                    + operation.path("state").asString().toLowerCase(Locale.ROOT) + ": "
                    + operation.path("detail").asString());
        }
        return done ? DONE : NOT_DONE;
    }

    private static String seconds(JsonNode operation) {
        var took = Duration.between(
                Instant.parse(operation.path("startedAt").asString()),
                Instant.parse(operation.path("finishedAt").asString()));
        return "%.1f s".formatted(took.toMillis() / 1000.0);
    }
}
