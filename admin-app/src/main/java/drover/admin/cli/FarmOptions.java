package drover.admin.cli;

import drover.admin.config.ConfigLoader;
import drover.admin.config.DroverProperties;
import drover.admin.supervision.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Finds a farm by the same settings that started it. */
final class FarmOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, instead of config/drover.yml.")
    private Optional<String> config = Optional.empty();

    @Option(
            names = "--drover.",
            paramLabel = "KEY=VALUE",
            description = "A setting, as in config/drover.yml: --drover.run-directory=/run/drover.")
    private Map<String, String> settings = new LinkedHashMap<>();

    DroverProperties properties() {
        var arguments = new ArrayList<String>();
        config.ifPresent(file -> arguments.addAll(List.of("--config", file)));
        settings.forEach((key, value) -> arguments.add("--drover." + key + "=" + value));
        var home = Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
        return new ConfigLoader(home, System.getenv()).load(arguments).properties();
    }

    RunDirectory runDirectory() {
        return new RunDirectory(properties().runDirectory());
    }
}
