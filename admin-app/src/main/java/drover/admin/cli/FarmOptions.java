package drover.admin.cli;

import drover.admin.config.ConfigLoader;
import drover.admin.config.DroverProperties;
import drover.admin.supervision.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds a farm by the same settings that started it. */
final class FarmOptions {

    static final String HELP =
            "%nWhich farm: --config FILE and --drover.KEY=VALUE, or DROVER_KEY in the environment, as for drover up.";

    /** {@code --config FILE} and {@code --drover.KEY=VALUE}, which {@link ConfigLoader} reads, for {@code up} as well. */
    @Parameters(arity = "0..*", hidden = true)
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli itself acts on it
    private boolean help;

    DroverProperties properties() {
        var home = Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
        return new ConfigLoader(home, System.getenv()).load(arguments).properties();
    }

    RunDirectory runDirectory() {
        return new RunDirectory(properties().runDirectory());
    }
}
