package drover.admin.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The latest generations, each a file {@code config/N.json} of the state directory, for nobody's eyes but ours: texts hold
 * hashes of passwords. Written by the supervisor, read by any thread.
 */
public final class Generations {

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    private static final int KEPT = 20;
    private static final Pattern FILE = Pattern.compile("([1-9]\\d{0,8})\\.json");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path directory;
    private final Clock clock;
    private final List<Generation> all = new CopyOnWriteArrayList<>();

    /** Those of a state directory, read now. */
    public Generations(Path stateDirectory, Clock clock) {
        this.directory = stateDirectory.resolve("config");
        this.clock = clock;
        read();
    }

    private void read() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var files = Files.list(directory)) {
            files.filter(file -> FILE.matcher(file.getFileName().toString()).matches())
                    .flatMap(file -> read(file).stream())
                    .sorted(Comparator.comparingInt(Generation::number))
                    .forEach(all::add);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read " + directory, failure);
        }
    }

    /** A file that is damaged is as good as none. */
    private static Optional<Generation> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Generation.class));
        } catch (IOException | JacksonException damaged) {
            LOG.warn("generation not read file={} why=\"{}\"", file, damaged.getMessage());
            return Optional.empty();
        }
    }

    // ---- what there is

    /** The oldest first. */
    public List<Generation> all() {
        return List.copyOf(all);
    }

    public Optional<Generation> find(int number) {
        return all.stream().filter(one -> one.number() == number).findFirst();
    }

    /** The last one that was accepted. */
    public Optional<Generation> accepted() {
        return all.stream()
                .filter(one -> one.verdict() == Generation.Verdict.ACCEPTED)
                .max(Comparator.comparingInt(Generation::number));
    }

    /** The last one that was decided on. */
    public Optional<Generation> decided() {
        return all.stream()
                .filter(one -> one.decidedAt().isPresent())
                .max(Comparator.comparing(one -> one.decidedAt().orElseThrow()));
    }

    // ---- what becomes of them

    /** One more, with the next number. */
    public Generation propose(String actor, Generation.Origin origin, String worker, String text) {
        int number = all.stream().mapToInt(Generation::number).max().orElse(0) + 1;
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var generation = new Generation(
                number, now, actor, origin, worker, Generation.Verdict.PENDING, Optional.empty(), "", text);
        write(generation);
        all.add(generation);
        forgetOldest();
        return generation;
    }

    /** Says what became of one. */
    public void decide(int number, Generation.Verdict verdict, String why) {
        find(number).ifPresent(one -> {
            var decided = one.decided(verdict, why, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            all.replaceAll(other -> other.number() == number ? decided : other);
            write(decided);
        });
    }

    private void write(Generation generation) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var draft = directory.resolve(generation.number() + ".json.new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, JSON.writeValueAsString(generation));
            Files.move(draft, directory.resolve(generation.number() + ".json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            // What runs does not depend on it; only a rollback after the next start does.
            LOG.error("generation not written number={} why=\"{}\"", generation.number(), failure.getMessage());
        }
    }

    /** The one that runs stays, however old it is. */
    private void forgetOldest() {
        int running = accepted().map(Generation::number).orElse(0);
        while (all.size() > KEPT) {
            var oldest = all.stream()
                    .filter(one -> one.number() != running)
                    .findFirst()
                    .orElseThrow();
            all.remove(oldest);
            try {
                Files.deleteIfExists(directory.resolve(oldest.number() + ".json"));
            } catch (IOException failure) {
                LOG.warn("generation not deleted number={} why=\"{}\"", oldest.number(), failure.getMessage());
            }
        }
    }
}
