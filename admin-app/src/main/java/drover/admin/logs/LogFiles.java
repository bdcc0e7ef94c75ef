package drover.admin.logs;

import drover.admin.config.DroverProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The logs there are, each by a fixed id: {@code access}, {@code admin}, {@code master}, {@code worker-1} and so on. An id is
 * looked up and never becomes part of a path, so nobody reads anything else by it. Any thread may ask.
 */
public final class LogFiles {

    private static final String ACCESS = "access";
    private static final List<String> PROCESSES = List.of("admin", "master");
    private static final Pattern WORKER = Pattern.compile("worker-([1-9]\\d?)\\.log");

    private final Supplier<DroverProperties> properties;

    /** Those of a farm; {@code properties} are what it runs with at the moment. */
    public LogFiles(Supplier<DroverProperties> properties) {
        this.properties = properties;
    }

    /**
     * One of them.
     *
     * @param bytes its size, without what was rotated
     */
    public record Log(String id, long bytes) {}

    private record Found(String id, Path file) {

        Log log() {
            try {
                return new Log(id, Files.size(file));
            } catch (IOException gone) {
                return new Log(id, 0); // rotated a moment ago
            }
        }
    }

    /** Those that exist: of requests, of admin, of the master, of workers by number. */
    public List<Log> all() {
        return found().stream().map(Found::log).toList();
    }

    /** Where a log lies, if there is one of this id. */
    public Optional<Path> find(String id) {
        return found().stream()
                .filter(log -> log.id().equals(id))
                .map(Found::file)
                .findFirst();
    }

    private List<Found> found() {
        var current = properties.get();
        var all = new ArrayList<Found>();
        current.accessLogFile().ifPresent(file -> all.add(new Found(ACCESS, file)));
        PROCESSES.forEach(id -> all.add(new Found(id, current.logDirectory().resolve(id + ".log"))));
        all.addAll(workers(current.logDirectory()));
        return all.stream().filter(log -> Files.isRegularFile(log.file())).toList();
    }

    private static List<Found> workers(Path directory) {
        try (var files = Files.list(directory)) {
            return files.filter(file -> number(file) > 0)
                    .sorted(Comparator.comparingInt(LogFiles::number))
                    .map(file -> new Found("worker-" + number(file), file))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + directory, unreadable);
        }
    }

    /** The number of the worker whose log a file is, or 0. */
    private static int number(Path file) {
        var name = WORKER.matcher(file.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }
}
