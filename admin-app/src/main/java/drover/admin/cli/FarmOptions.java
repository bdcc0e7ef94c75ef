package drover.admin.cli;

import drover.admin.config.ConfigLoader;
import drover.admin.config.DroverProperties;
import drover.admin.supervision.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds a farm by the same settings that started it. */
final class FarmOptions {

    static final String HELP =
            "%nWhich farm: --config FILE and --drover.KEY=VALUE, or DROVER_KEY in the environment, as for drover up.";

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, instead of config/drover.yml.")
    private Optional<String> config = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli itself acts on it
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    DroverProperties properties() {
        return loaded().properties();
    }

    ConfigLoader.Loaded loaded() {
        var home = Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
        var arguments = new ArrayList<>(((Main) command.root().userObject()).settings());
        config.ifPresent(file -> arguments.add("--config=" + file));
        return new ConfigLoader(home, System.getenv()).load(arguments);
    }

    RunDirectory runDirectory() {
        return new RunDirectory(properties().runDirectory());
    }
}
