package drover.admin.supervision;

import drover.admin.shared.Reason;
import drover.admin.shared.StartRefused;
import drover.engine.stats.RegionLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of everything that lives only as long as the farm: sockets, region, process list, locks. */
public record RunDirectory(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    /** Longest directory in which a socket's path fits into a {@code sockaddr_un}, unix(7). */
    private static final int MAX_PATH = 107 - "/before/control.sock".length();

    private static final Pattern SETTINGS = Pattern.compile("(?:worker|sites)-(\\d{1,9})\\.properties(?:\\.new)?");

    /** The statistics region. */
    public Path region() {
        return path.resolve("region");
    }

    Path controlSocket() {
        return path.resolve("control.sock");
    }

    /** Where the worker in a seat says why requests get what they get. */
    public Path explainSocket(int slot, int seat) {
        return path.resolve("explain-" + slot + "-" + seat + ".sock");
    }

    /** Where admin takes the commands of this user's command line. */
    public Path adminSocket() {
        return path.resolve("admin.sock");
    }

    /** What workers of a generation are told. */
    Path workerConfig(int generation) {
        return path.resolve("worker-" + generation + ".properties");
    }

    Path sites(int generation) {
        return path.resolve("sites-" + generation + ".properties");
    }

    /** The generation of a worker that was told by this file; 0 if it is none of ours. */
    static int generation(Path workerConfig) {
        var name = SETTINGS.matcher(workerConfig.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : 0;
    }

    /** What workers of any generation are told. */
    List<Path> settings() throws IOException {
        try (var files = Files.list(path)) {
            return files.filter(file ->
                            SETTINGS.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    /** The run directory of a worker that a generation is tried out with. */
    RunDirectory twin(String name) {
        return new RunDirectory(path.resolve(name));
    }

    /** Ends what an admin that was killed has left of trying out a generation. */
    public void endTwins() {
        Twin.NAMES.forEach(name -> Twin.end(twin(name)));
    }

    Path farmFile() {
        return path.resolve("farm.json");
    }

    private Path adminLock() {
        return path.resolve("admin.lock");
    }

    /** Makes the directory, for us alone, or checks that it is so. */
    public void create() {
        try {
            if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH) {
                throw refused("its path is longer than " + MAX_PATH + " bytes, too long for sockets in it");
            }
            if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(path.getParent());
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("it is no directory");
            }
            if (!Files.getAttribute(path, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                throw refused("it belongs to another user");
            }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            Files.delete(Files.createTempFile(path, "writable", ""));
        } catch (IOException failure) {
            throw refused(Reason.of(failure));
        }
    }

    private StartRefused refused(String why) {
        return new StartRefused(
                StartRefused.EXIT_CONFIG, "cannot use run-directory " + path + ": " + why + "; set another one");
    }

    /**
     * Makes this admin the only one. The lock lasts until the channel is closed or the process dies.
     *
     * @throws StartRefused if another admin holds it
     */
    public FileChannel lock() {
        try {
            var channel = FileChannel.open(
                    adminLock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                var holder = holder().map(pid -> ", pid " + pid).orElse("");
                channel.close();
                throw new StartRefused(
                        StartRefused.EXIT_RUNNING,
                        "already running with run-directory " + path + holder + "; ./drover down stops it");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException failure) {
            throw refused(Reason.of(failure));
        }
    }

    /** The pid of the admin that holds the lock, if one does. */
    public Optional<Long> holder() {
        if (Files.notExists(adminLock())) {
            return Optional.empty();
        }
        try (var channel = FileChannel.open(adminLock(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                return Optional.empty();
            }
            var pid = Files.readString(adminLock()).strip();
            return pid.matches("\\d{1,9}") ? Optional.of(Long.parseLong(pid)) : Optional.empty();
        } catch (IOException failure) {
            return Optional.empty();
        }
    }

    /** Replaces a file in one step, so that a reader sees the old text or the new one. */
    static void replace(Path file, String text) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Takes away what an admin that could not start has made, unless there is a farm that lives without it. */
    public void leave() {
        try {
            if (Files.exists(path) && Files.notExists(farmFile())) {
                clear();
            }
        } catch (IOException failure) {
            throw refused("it cannot be cleared: " + Reason.of(failure));
        }
    }

    /** Takes away what the farm left, and the directory if nothing else lies in it; only after all processes are gone. */
    public void clear() throws IOException {
        for (var name : List.of(
                "admin.sock",
                "control.sock",
                "lanes.sock",
                "region",
                "addresses-1",
                "farm.json",
                "master.lock",
                "admin.lock")) {
            Files.deleteIfExists(path.resolve(name));
        }
        for (var file : settings()) {
            Files.deleteIfExists(file);
        }
        for (int slot = 1; slot <= RegionLayout.SLOTS; slot++) {
            for (int seat = 0; seat < RegionLayout.SEATS; seat++) {
                Files.deleteIfExists(explainSocket(slot, seat)); // of workers that were killed
            }
        }
        try (var rest = Files.list(path)) {
            if (rest.findAny().isPresent()) {
                return;
            }
        }
        try {
            Files.delete(path);
        } catch (FileSystemException mountPoint) {
            // A directory that was given to us stays: a mount point, or one below a directory that is not ours.
            LOG.debug("run directory stays why=\"{}\"", mountPoint.getReason());
        }
    }
}
