package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.admin.shared.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What workers can be started from: the worker that came with this Drover, {@code lib/worker-engine.jar}, and those that
 * were put beside it, {@code lib/worker/VERSION/worker-engine.jar}; and the settings of each generation, which lie in the run
 * directory as {@code worker-N.properties} and {@code sites-N.properties}.
 */
public final class Releases {

    private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");
    private static final String JAR = "worker-engine.jar";

    private final Path distribution;
    private final Path library;
    private final RunDirectory directory;

    Releases(Path distribution, RunDirectory directory) {
        this.distribution = distribution;
        this.library = distribution.resolve("lib");
        this.directory = directory;
    }

    /** The version of the worker that came with this Drover. */
    public static String bundled() {
        return Version.CURRENT;
    }

    /** Versions that can be rolled out; the one that came with this Drover first. */
    public List<String> versions() {
        var others = library.resolve("worker");
        if (!Files.isDirectory(others)) {
            return List.of(bundled());
        }
        try (var directories = Files.list(others)) {
            return Stream.concat(
                            Stream.of(bundled()),
                            directories
                                    .map(found -> found.getFileName().toString())
                                    .filter(version -> !version.equals(bundled()) && exists(version))
                                    .sorted())
                    .toList();
        } catch (IOException unreadable) {
            LOG.warn("workers not listed why=\"{}\"", unreadable.getMessage());
            return List.of(bundled());
        }
    }

    /** Whether there is a worker of this version. The name comes from outside: it must not lead elsewhere. */
    public boolean exists(String version) {
        return version.equals(bundled()) || (VERSION.matcher(version).matches() && Files.isRegularFile(jar(version)));
    }

    private Path jar(String version) {
        return version.equals(bundled())
                ? library.resolve(JAR)
                : library.resolve("worker").resolve(version).resolve(JAR);
    }

    /** The jar of a version, or the one that came with this Drover if there is none of it any more. */
    Path jarOf(String version) {
        if (exists(version)) {
            return jar(version);
        }
        LOG.warn("worker version={} is gone; the one that came with Drover is used, version={}", version, bundled());
        return jar(bundled());
    }

    /** Where generations are compared without a rollout. */
    TrialRun trialRun() {
        return new TrialRun(directory, distribution, this);
    }

    /** Writes the settings of a generation for the workers of the farm. */
    Release of(Generation generation, DroverProperties properties, int loops) throws IOException {
        var sites = directory.sites(generation.number());
        RunDirectory.replace(sites, SitesText.of(properties.sites()));
        var config = directory.workerConfig(generation.number());
        RunDirectory.replace(config, WorkerSettings.of(properties, directory, loops, sites));
        return new Release(
                generation.number(),
                jarOf(generation.worker()),
                config,
                properties.drainTimeout(),
                properties.isAccessLogToStandardOutput());
    }

    /** Writes the settings for a worker of a generation that lives in a run directory of its own. */
    Release ofTwin(Generation generation, DroverProperties properties, RunDirectory own) throws IOException {
        var sites = own.sites(generation.number());
        RunDirectory.replace(sites, SitesText.of(properties.sites()));
        var config = own.workerConfig(generation.number());
        RunDirectory.replace(config, WorkerSettings.ofTwin(properties, own, sites));
        return new Release(
                0, jarOf(generation.worker()), config, properties.drainTimeout(), /* logsToStandardOutput= */ false);
    }

    /** Whether workers of one generation are none of the other: by their settings or by their program. */
    boolean differ(Generation one, DroverProperties itsProperties, Generation other, DroverProperties properties) {
        return !one.worker().equals(other.worker())
                || !everything(itsProperties).equals(everything(properties));
    }

    private String everything(DroverProperties properties) {
        return WorkerSettings.of(properties, directory, 1, directory.sites(0)) + SitesText.of(properties.sites());
    }

    /** Takes away the settings of all other generations: no worker will be started from them. */
    void keepOnly(int generation) {
        try {
            for (var file : directory.settings()) {
                if (!file.equals(directory.sites(generation)) && !file.equals(directory.workerConfig(generation))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            LOG.warn("settings of earlier generations not deleted why=\"{}\"", failure.getMessage());
        }
    }
}
