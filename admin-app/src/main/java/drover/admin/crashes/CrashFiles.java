package drover.admin.crashes;

import drover.admin.config.DroverProperties;
import drover.admin.crashes.CrashReport.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The crash reports that are kept: {@code ID.json} in a directory of their own, mode 0600, at most {@link #MOST}, none older
 * than {@link #OLDEST}. Anyone may read; the admin that holds the run directory writes, on one thread.
 */
public final class CrashFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CrashFiles.class);

    static final int MOST = 50;
    static final Duration OLDEST = Duration.ofDays(30);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);
    /** Ids come from URLs and command lines: none leads out of the directory. */
    private static final Pattern ID = Pattern.compile("\\d{8}T\\d{9}-\\d{1,2}");

    private static final String SUFFIX = ".json";

    /** Control bytes that clients sent lie in the file as text, those beyond ASCII too. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Path directory;
    private final InstantSource clock;

    public CrashFiles(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Those of a configuration: they outlive a reboot. */
    public static CrashFiles of(DroverProperties properties) {
        return new CrashFiles(properties.stateDirectory().resolve("crashes"), InstantSource.system());
    }

    /** The id of a report; in the order of time. */
    static String id(Instant at, int slot) {
        return TIME.format(at) + "-" + slot;
    }

    // ---- what there is

    /** The latest first. Files that are damaged are left out. */
    public List<Summary> list() {
        return ids().reversed().stream()
                .flatMap(id -> read(id, Summary.class).stream())
                .toList();
    }

    /** A report, unless there is none of this id. */
    public Optional<CrashReport> find(String id) {
        return ID.matcher(id).matches() ? read(id, CrashReport.class) : Optional.empty();
    }

    /** The oldest first. */
    private List<String> ids() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .filter(name -> ID.matcher(name).matches())
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException failure) {
            LOG.warn("crash reports not listed why=\"{}\"", failure.toString());
            return List.of();
        }
    }

    private Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }

    private <T> Optional<T> read(String id, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file(id)), type));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | JacksonException | NullPointerException damaged) {
            LOG.warn("crash report not read id={} why=\"{}\"", id, damaged.toString());
            return Optional.empty();
        }
    }

    // ---- what is kept

    /** Writes or replaces a report in one step, and deletes the oldest of those that are too many. */
    void write(CrashReport report) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var draft = directory.resolve(report.id() + SUFFIX + ".new");
        Files.deleteIfExists(draft);
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, JSON.writeValueAsString(report));
            Files.move(draft, file(report.id()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft); // a full disk leaves no half of one behind
        }
        forgetOldest();
    }

    /** Deletes what is too old, and the oldest of what is too many. */
    void forgetOldest() throws IOException {
        var ids = ids();
        var oldest = id(clock.instant().minus(OLDEST), 0);
        for (int i = 0; i < ids.size(); i++) {
            if (ids.size() - i > MOST || ids.get(i).compareTo(oldest) < 0) {
                Files.deleteIfExists(file(ids.get(i)));
            }
        }
    }
}
