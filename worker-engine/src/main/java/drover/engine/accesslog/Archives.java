package drover.engine.accesslog;

import drover.engine.posix.Posix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * The rotated files of a log, {@code access.log.20261123-080000.gz} and, within the same second, {@code …-080000-1.gz};
 * the time is that of the rotation, in UTC. Any worker compresses and deletes them, but only one at a time: the one that
 * has locked their directory. Whatever it leaves when it dies, the next one finishes.
 */
final class Archives {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String GZ = ".gz";
    private static final String TMP = ".tmp";
    private static final Comparator<Archive> NEWEST_FIRST = Comparator.comparing(Archive::time)
            .thenComparingInt(Archive::number)
            .reversed();

    private final Path log;
    private final Path directory;
    private final int keep;
    private final Pattern pattern;

    Archives(Path log, int keep) {
        this.log = log;
        this.directory = log.resolveSibling("").toAbsolutePath();
        this.keep = keep;
        this.pattern = Pattern.compile(
                Pattern.quote(String.valueOf(log.getFileName())) + "\\.(\\d{8}-\\d{6})(?:-(\\d{1,9}))?");
    }

    /** A rotated file, compressed or not, by the name it had at first. */
    private record Archive(Path file, String time, int number) {

        Path compressed() {
            return file.resolveSibling(file.getFileName() + GZ);
        }
    }

    /** A free name for the log that is to be renamed now; only for the holder of its lock. */
    Path nameFor(Instant now) {
        var name = log.getFileName() + "." + TIME.format(now);
        var free = log.resolveSibling(name);
        for (int number = 1; isTaken(free); number++) {
            free = log.resolveSibling(name + "-" + number);
        }
        return free;
    }

    /** The compressed one is looked for last, because it appears before the other one is deleted. */
    private static boolean isTaken(Path file) {
        return Files.exists(file) || Files.exists(file.resolveSibling(file.getFileName() + GZ));
    }

    /** Deletes the oldest and compresses the others; false if another process is at it. */
    boolean tidy() throws IOException {
        int lock = Posix.openToLock(directory);
        if (lock < 0) {
            throw new IOException("cannot open " + directory + ": errno=" + -lock);
        }
        try {
            if (Posix.tryLock(lock) < 0) {
                return false;
            }
            var archives = list();
            for (var old : archives.stream().skip(keep).toList()) {
                Files.deleteIfExists(old.file());
                Files.deleteIfExists(old.compressed());
            }
            for (var kept : archives.stream().limit(keep).toList().reversed()) {
                if (Files.exists(kept.file())) {
                    compress(kept);
                }
            }
            return true;
        } finally {
            Posix.close(lock);
        }
    }

    private List<Archive> list() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(this::archive)
                    .flatMap(Optional::stream)
                    .distinct()
                    .sorted(NEWEST_FIRST)
                    .toList();
        }
    }

    private Optional<Archive> archive(Path found) {
        var name = String.valueOf(found.getFileName());
        var plain = name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : name;
        var parts = pattern.matcher(plain);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int number = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        return Optional.of(new Archive(directory.resolve(plain), parts.group(1), number));
    }

    /**
     * Compresses a file that is not written any more. If it was we who renamed it, its lock is free; if somebody else gave
     * it such a name, a worker may be at its last batch: then it is left for the next time.
     */
    private void compress(Archive archive) throws IOException {
        int lock = Posix.openToLock(archive.file());
        if (lock < 0) {
            throw new IOException("cannot open " + archive.file() + ": errno=" + -lock);
        }
        var unfinished = log.resolveSibling(log.getFileName() + GZ + TMP);
        try {
            if (Posix.tryLock(lock) < 0) {
                return;
            }
            write(archive.file(), unfinished);
            Files.setLastModifiedTime(unfinished, Files.getLastModifiedTime(archive.file()));
            Files.move(unfinished, archive.compressed(), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(archive.file());
        } catch (IOException refused) {
            Files.deleteIfExists(unfinished);
            throw refused;
        } finally {
            Posix.close(lock);
        }
    }

    private static void write(Path plain, Path compressed) throws IOException {
        Files.deleteIfExists(compressed);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
        try (var file =
                FileChannel.open(compressed, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            OutputStream out = new GZIPOutputStream(Channels.newOutputStream(file), 64 * 1024);
            Files.copy(plain, out);
            out.close();
        }
    }
}
