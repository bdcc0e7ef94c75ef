package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A farm of one worker that serves a generation to nobody but us: its own master on a port of loopback that the kernel
 * chose, its own region and run directory, within that of the farm. What becomes of it hurts no one. Used by one thread.
 */
final class Twin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Twin.class);

    static final List<String> NAMES = List.of("before", "after", "old", "new");

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 20;
    private static final Pattern PORT = Pattern.compile("\\blistening=127\\.0\\.0\\.1:(\\d{1,5})\\b");

    private final RunDirectory directory;
    private final OutputFiles output;
    private final RegionReader region;
    private final Launcher.Started master;
    private final Launcher.Started worker;

    /** One that was started by the caller. */
    Twin(
            RunDirectory directory,
            OutputFiles output,
            RegionReader region,
            Launcher.Started master,
            Launcher.Started worker) {
        this.directory = directory;
        this.output = output;
        this.region = region;
        this.master = master;
        this.worker = worker;
    }

    /** Starts one in a directory that is made for it. */
    static Twin start(
            RunDirectory directory,
            Path distribution,
            Releases releases,
            Generation generation,
            DroverProperties properties)
            throws IOException {
        end(directory);
        Files.createDirectory(
                directory.path(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var output = new OutputFiles(directory.path(), Long.MAX_VALUE, 1);
        var launcher = new Launcher(directory, distribution, output, () -> {});
        var region = Region.create(directory.region(), new RegionLayout(1, 2));
        region.reserve(1);
        var release = releases.ofTwin(generation, properties, directory);
        var master = launcher.master(List.of("127.0.0.1:0"), 1, /* adopts= */ false);
        return new Twin(directory, output, new RegionReader(region), master, launcher.worker(1, 0, release));
    }

    /**
     * Its port, as soon as its worker is ready.
     *
     * @throws IOException if it does not become so; the message is what it said last
     */
    int awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (region.seat(1, 0).state() != SeatState.READY) {
            if (!worker.child().isAlive()) {
                throw new IOException("it ended with code %d before it was ready: %s"
                        .formatted(worker.child().exitValue(), lastWords(output.worker(1))));
            }
            if (!master.child().isAlive()) {
                throw new IOException("its master ended: " + lastWords(output.master()));
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("it was not ready within " + START_TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        var status = ControlClient.of(directory).ask("status");
        var port = PORT.matcher(status);
        if (!port.find()) {
            throw new IOException("its master does not listen: " + status);
        }
        return Integer.parseInt(port.group(1));
    }

    private static String lastWords(Path log) {
        return OutputFiles.lastLine(log).orElse("it left no word");
    }

    @Override
    public void close() {
        worker.identity().kill();
        master.identity().kill();
        output.close();
        delete(directory.path());
    }

    /** Ends whatever an admin that was killed has left of one. */
    static void end(RunDirectory directory) {
        if (Files.notExists(directory.path())) {
            return;
        }
        var path = directory.path().toString();
        ProcessHandle.allProcesses()
                .filter(process -> belongs(process.pid(), path))
                .flatMap(process -> ProcessIdentity.of(process.pid()).stream())
                .forEach(ProcessIdentity::kill);
        delete(directory.path());
    }

    private static boolean belongs(long pid, String path) {
        try {
            var words = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
                    .split("\0", -1);
            for (int i = 0; i + 1 < words.length; i++) {
                if ((words[i].equals("--run-directory") && words[i + 1].equals(path))
                        || (words[i].equals("--config") && words[i + 1].startsWith(path + "/"))) {
                    return true;
                }
            }
        } catch (IOException gone) {
            return false;
        }
        return false;
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("twin not cleared directory={} why=\"{}\"", directory, failure.getMessage());
        }
    }
}
