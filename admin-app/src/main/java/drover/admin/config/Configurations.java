package drover.admin.config;

import drover.admin.config.ConfigLoader.Loaded;
import drover.admin.config.Generation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every configuration there can be: the one that admin was started with, what the file says now, the generations. Arguments
 * and environment are those of this admin, always. Any thread may ask.
 */
public final class Configurations {

    private static final int LATEST = 8;

    private final ConfigLoader loader;
    private final List<String> arguments;
    private final Loaded started;
    private final Generations generations;

    /** To read one takes its time, which the supervisor has not: it finds here what was read for whoever commands. */
    private final Map<String, Loaded> latest = new ConcurrentHashMap<>();

    /** Those that follow from arguments of {@code drover up}; what was loaded from them already is {@code started}. */
    public Configurations(ConfigLoader loader, List<String> arguments, Loaded started) {
        this.loader = loader;
        this.arguments = List.copyOf(arguments);
        this.started = started;
        this.generations = new Generations(started.properties().stateDirectory(), Clock.systemUTC());
    }

    public Loaded started() {
        return started;
    }

    public Generations generations() {
        return generations;
    }

    /** The file as it is now. @throws ConfigInvalid if it cannot be used */
    public Loaded file() {
        var loaded = loader.load(arguments);
        latest.put(loaded.text(), loaded);
        return ConfigCheck.checked(loaded);
    }

    /** A text as if it stood in the file. @throws ConfigInvalid if it cannot be used */
    public Loaded of(String text) {
        return ConfigCheck.checked(trusted(text));
    }

    /** A text of which it was found before that it can be used. */
    public Loaded trusted(String text) {
        if (latest.size() >= LATEST) {
            latest.clear();
        }
        return latest.computeIfAbsent(text, _ -> loader.load(arguments, text));
    }

    /**
     * What runs from now on when admin starts: the generation of the farm that lives, or that of the file. Those that were
     * pending and are in nobody's hands are refused.
     *
     * @param living the generation of the farm that lives, or 0
     * @param rollingOut the one that an operation still works at, or 0
     * @param bundled the version of the worker that came with this Drover
     */
    public Generation begin(int living, int rollingOut, String bundled) {
        generations.all().stream()
                .filter(one -> one.isPending() && one.number() != rollingOut)
                .forEach(one ->
                        generations.decide(one.number(), Verdict.REFUSED, "Drover ended before it was decided."));
        var runs = living == 0 ? Optional.<Generation>empty() : generations.find(living);
        var last = generations.accepted();
        return runs.or(() -> last.filter(one -> one.text().equals(started.text())))
                .orElseGet(() -> {
                    var worker = last.map(Generation::worker).orElse(bundled);
                    var first = generations.propose("start", Generation.Origin.START, worker, started.text());
                    generations.decide(first.number(), Verdict.ACCEPTED, "Drover was started with it.");
                    return generations.find(first.number()).orElse(first);
                });
    }

    /**
     * Writes a generation's text into the file, unless it stands there. In one step where the directory lets us, so that a
     * reader sees the old text or the new one; a file that was mounted by itself is written where it is.
     */
    public void write(Generation generation) throws IOException {
        var file = started.file();
        if (Files.isReadable(file) && Files.readString(file).equals(generation.text())) {
            return;
        }
        var target = file.toRealPath();
        var draft = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(target)));
            Files.writeString(draft, generation.text());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException directoryIsNotOurs) {
            Files.deleteIfExists(draft);
            Files.writeString(target, generation.text());
        }
    }

    /** Whether the file can be written at all. */
    public boolean isWritable() {
        return Files.isWritable(started.file());
    }
}
