package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import drover.admin.config.ConfigCheck;
import drover.admin.shared.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code drover config check|diff|history|rehearse|rollback}. */
@Command(
        name = "config",
        description = "The configuration and its generations.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConfigCommand.Check.class,
            ConfigCommand.Diff.class,
            ConfigCommand.History.class,
            ConfigCommand.Rehearse.class,
            ConfigCommand.Rollback.class
        })
final class ConfigCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli itself acts on it
    private boolean help;

    /** Needs no admin, and no farm. */
    @Command(
            name = "check",
            description = {
                "Says whether a file can be used, and if not, what is wrong in which line.",
                "Exit code 0 if it can be used, 2 if not."
            },
            footer = FarmOptions.HELP)
    static final class Check implements Callable<Integer> {

        @Mixin
        private FarmOptions farm = new FarmOptions();

        @Override
        public Integer call() {
            Console.say(ConfigCheck.checked(farm.loaded()).file() + " can be used.");
            return 0;
        }
    }

    /** What admin says, for people or as it is. */
    abstract static class Reading implements Callable<Integer> {

        @Mixin
        private FarmOptions farm = new FarmOptions();

        @Mixin
        private OutputOptions output = new OutputOptions();

        abstract Answer ask(AdminClient admin) throws IOException;

        abstract void say(JsonNode body);

        @Override
        public Integer call() throws IOException {
            var answer = ask(new AdminClient(farm.runDirectory()));
            if (output.isJson()) {
                OutputOptions.sayJson(answer.body());
            } else if (answer.isSuccess()) {
                say(answer.body());
            } else {
                Console.complain(answer.problem());
            }
            return answer.isSuccess() ? 0 : 1;
        }
    }

    /** What a reload would change. */
    @Command(
            name = "diff",
            description = {"Shows what a reload would change.", "Exit code 0, or 1 if the file cannot be used."},
            footer = FarmOptions.HELP)
    static final class Diff extends Reading {

        @Override
        Answer ask(AdminClient admin) throws IOException {
            return admin.get("/api/v1/config/diff");
        }

        @Override
        void say(JsonNode body) {
            for (var change : body.path("changes")) {
                Console.say(OutputOptions.printable("%s: %s -> %s (%s)"
                        .formatted(
                                change.path("key").asString(),
                                change.path("before").asString("-"),
                                change.path("after").asString("-"),
                                change.path("overruled").isString()
                                        ? "overruled by "
                                                + change.path("overruled").asString()
                                        : change.path("needs").asString())));
            }
        }
    }

    /** Generations, the latest first. */
    @Command(
            name = "history",
            description = "Shows the last 20 generations of the configuration and the worker, the latest first.",
            footer = FarmOptions.HELP)
    static final class History extends Reading {

        @Override
        Answer ask(AdminClient admin) throws IOException {
            return admin.get("/api/v1/config/history");
        }

        @Override
        void say(JsonNode body) {
            for (var one : body) {
                Console.say(OutputOptions.printable("%4d  %s  %-8s  %-8s  worker %s  by %s: %s"
                        .formatted(
                                one.path("number").asInt(),
                                one.path("at").asString(),
                                one.path("origin").asString(),
                                one.path("verdict").asString(),
                                one.path("worker").asString(),
                                one.path("actor").asString(),
                                one.path("detail").asString())));
            }
        }
    }

    /** What would become of requests. */
    @Command(
            name = "rehearse",
            description = {
                "Asks what runs, and a file, for what visitors have asked for of late, out of sight, and shows what would be"
                        + " answered otherwise. Nothing is changed.",
                "Exit code 0, or 1 if the file cannot be used or does not serve."
            },
            footer = FarmOptions.HELP)
    static final class Rehearse extends Reading {

        private static final int SHOWN = 50;

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                description = "The file; without it, the one that drover up was started with.")
        private Optional<Path> file = Optional.empty();

        @Option(
                names = "-n",
                paramLabel = "N",
                description = "So many of the last requests, 500 unless given.",
                defaultValue = "500")
        private int requests;

        @Override
        Answer ask(AdminClient admin) throws IOException {
            var path = "/api/v1/config/rehearse?requests=" + requests;
            return file.isPresent() ? admin.postYaml(path, Files.readString(file.get())) : admin.post(path);
        }

        @Override
        void say(JsonNode body) {
            var differences = body.path("differences");
            for (int i = 0; i < Math.min(SHOWN, differences.size()); i++) {
                var one = differences.path(i);
                Console.say(OutputOptions.printable("http://%s%s: %s -> %s"
                        .formatted(
                                one.path("host").asString(),
                                one.path("path").asString(),
                                answer(one.path("before")),
                                answer(one.path("after")))));
            }
            if (differences.size() > SHOWN) {
                Console.say("and " + (differences.size() - SHOWN) + " more, see -o json");
            }
            Console.say("%d addresses compared, %d of them asked for of late: %s"
                    .formatted(
                            body.path("compared").asInt(),
                            body.path("requests").asInt(),
                            differences.isEmpty()
                                    ? "all are answered as before"
                                    : differences.size() + " are answered otherwise"));
        }

        private static String answer(JsonNode answer) {
            var status = answer.path("status").isNumber()
                    ? Integer.toString(answer.path("status").asInt())
                    : "no answer";
            return answer.path("location").isString()
                    ? status + " to " + answer.path("location").asString()
                    : status;
        }
    }

    /** Takes up an earlier generation. */
    @Command(
            name = "rollback",
            description = {
                "Takes up the configuration and the worker of an earlier generation, see history.",
                OrderCommand.EXIT_CODES
            },
            footer = FarmOptions.HELP)
    static final class Rollback extends OrderCommand {

        @Parameters(paramLabel = "N", description = "The generation, by its number.")
        private int number;

        @Override
        Answer ask(AdminClient admin) throws IOException {
            return admin.post("/api/v1/config/rollback/" + number);
        }
    }
}
