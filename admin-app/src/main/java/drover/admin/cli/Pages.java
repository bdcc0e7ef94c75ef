package drover.admin.cli;

import drover.admin.shared.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page and the completion of a shell, made for a release archive of what the commands say of themselves:
 * {@code man/man1/drover.1} and {@code bash-completion/completions/drover} below a directory.
 */
public final class Pages {

    private Pages() {}

    /** Its argument is the directory. */
    public static void main(String... arguments) throws IOException {
        var share = Path.of(arguments[0]);
        write(share.resolve("man/man1/drover.1"), manual());
        write(share.resolve("bash-completion/completions/drover"), completion());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** All commands of an archive: also those that the script {@code drover} itself knows. */
    private static CommandLine commandLine() {
        var commandLine = new CommandLine(new Main(List.of()));
        var config = OptionSpec.builder("--config")
                .paramLabel("FILE")
                .type(Path.class)
                .description("The configuration, instead of DROVER_CONFIG and config/drover.yml.")
                .build();
        commandLine.addSubcommand(
                "up",
                ofScript(
                                "Adopts what runs or starts what is missing, then serves until Ctrl+C.",
                                "Exit code 2 if the configuration cannot be used, 3 if another one has the run directory, 143 after SIGTERM.")
                        .addOption(config));
        commandLine.addSubcommand(
                "train",
                ofScript(
                        "Makes the caches with which admin, commands and workers start sooner, for the Java that is here, beside the jars.",
                        "Exit code 1 if it could not."));
        commandLine.addSubcommand("help", ofScript("Shows the commands."));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return commandLine;
    }

    private static CommandSpec ofScript(String... description) {
        var spec = CommandSpec.create();
        spec.usageMessage().description(description);
        return spec;
    }

    static String completion() {
        return AutoComplete.bash("drover", commandLine());
    }

    // ---- the manual page, man(7)

    static String manual() {
        var commandLine = commandLine();
        var page = new StringBuilder();
        page.append(".TH DROVER 1 \"\" \"Drover ").append(text(Version.CURRENT)).append("\" \"Drover\"\n");
        page.append(".SH NAME\ndrover \\- ")
                .append(text(lowerFirst(description(commandLine.getCommandSpec()))))
                .append("\n.SH SYNOPSIS\n.B drover\n.I COMMAND\n[\\fIOPTION\\fR ...]\n");
        page.append(".SH COMMANDS\n");
        commandLine.getSubcommands().values().stream()
                .sorted((one, other) -> one.getCommandName().compareTo(other.getCommandName()))
                .forEach(command -> append(page, command));
        page.append(REST);
        return page.toString();
    }

    private static void append(StringBuilder page, CommandLine command) {
        var spec = command.getCommandSpec();
        page.append(".SS ").append(text(synopsis(command))).append('\n');
        page.append(text(description(spec))).append('\n');
        Stream.concat(
                        spec.positionalParameters().stream()
                                .filter(parameter -> !parameter.hidden())
                                .map(Pages::item),
                        spec.options().stream()
                                .filter(option -> !option.hidden() && !option.usageHelp())
                                .map(Pages::item))
                .forEach(page::append);
        command.getSubcommands().values().forEach(below -> append(page, below));
    }

    private static String synopsis(CommandLine command) {
        return command.getHelp()
                .synopsis(0)
                .replaceAll("\\s+", " ")
                .replaceFirst("^drover ", "")
                .replace(" [-h]", "")
                .strip();
    }

    private static String description(CommandSpec spec) {
        return Stream.of(spec.usageMessage().description()).collect(Collectors.joining(" "));
    }

    private static String item(OptionSpec option) {
        var names = Stream.of(option.names())
                .map(name -> "\\fB" + text(name) + "\\fR")
                .collect(Collectors.joining(", "));
        var value = option.arity().max() == 0 ? "" : " \\fI" + text(option.paramLabel()) + "\\fR";
        return item(names + value, String.join(" ", option.description()));
    }

    private static String item(PositionalParamSpec parameter) {
        return item("\\fI" + text(parameter.paramLabel()) + "\\fR", String.join(" ", parameter.description()));
    }

    private static String item(String head, String description) {
        return ".TP\n" + head + "\n" + text(description) + "\n";
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1).replaceFirst("\\.$", "");
    }

    /** Nothing of it is for the typesetter: hyphens that are to be copied, lines that begin with a dot, picocli's own marks. */
    private static String text(String plain) {
        var escaped = plain.replace("%n", " ")
                .replace("%%", "%")
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .strip();
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private static final String REST = """
            .SH OPTIONS
            Every command but \\fBhash\\-password\\fR and \\fBtrain\\fR takes the options by which \\fBdrover up\\fR was started, so that it finds the same farm.
            .TP
            \\fB\\-\\-config\\fR \\fIFILE\\fR
            The configuration.
            .TP
            \\fB\\-\\-drover.\\fR\\fIKEY\\fR=\\fIVALUE\\fR
            A setting, before what the environment and the file say.
            .SH ENVIRONMENT
            .TP
            \\fBDROVER_CONFIG\\fR
            The configuration, where no option names another one.
            .TP
            \\fBDROVER_\\fR\\fIKEY\\fR
            A setting, before what the file says: \\fBDROVER_ADMIN_PORT\\fR is drover.admin.port.
            .TP
            \\fBDROVER_JAVA_HOME\\fR
            The Java to run on, 25 or newer; without it the usual places are searched.
            .TP
            \\fBNOTIFY_SOCKET\\fR
            Where \\fBup\\fR tells a service manager that it is ready, reloads and stops, see sd_notify(3).
            .SH SIGNALS
            To the process of \\fBdrover up\\fR: TERM and INT stop, a second one at once; HUP reloads; USR1 begins the logs anew; USR2
            restarts the workers one after the other; TTIN and TTOU are one worker more or less.
            .SH FILES
            .TP
            config/drover.yml
            The configuration.
            .TP
            docs
            What there is to read: install.md, configure.md, operate.md, upgrade.md and others.
            .PP
            Both lie in the directory that Drover was unpacked into.
            .SH EXIT STATUS
            0 as wished, 1 not so, 2 wrong usage or configuration.
            """;
}
