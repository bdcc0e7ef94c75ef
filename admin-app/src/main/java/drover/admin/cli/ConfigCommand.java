package drover.admin.cli;

import drover.admin.cli.AdminClient.Answer;
import drover.admin.config.ConfigCheck;
import drover.admin.shared.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code drover config check|diff|history|rollback}. */
@Command(
        name = "config",
        description = "The configuration and its generations.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConfigCommand.Check.class,
            ConfigCommand.Diff.class,
            ConfigCommand.History.class,
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

        abstract String path();

        abstract void say(JsonNode body);

        @Override
        public Integer call() throws IOException {
            var answer = new AdminClient(farm.runDirectory()).get(path());
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
        String path() {
            return "/api/v1/config/diff";
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
        String path() {
            return "/api/v1/config/history";
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
