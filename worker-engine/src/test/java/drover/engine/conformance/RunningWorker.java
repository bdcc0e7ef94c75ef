package drover.engine.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import drover.engine.stats.Counter;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A master and its workers as processes of their own, in a fresh directory in memory that goes with them. */
final class RunningWorker implements AutoCloseable {

    private static final int LOOPS = 2;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("listening=127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern LANES = Pattern.compile("lanes=(\\d+)");

    private final Path directory;
    private final Setup setup;
    private final List<Process> processes = new ArrayList<>();

    /**
     * What a test wants otherwise than the rest.
     *
     * @param config keys of the workers' configuration
     * @param sites lines of the file of sites
     */
    record Setup(int workers, Map<String, String> config, String sites) {

        Setup {
            config = Map.copyOf(config);
        }
    }

    private RunningWorker(Path directory, Setup setup) {
        this.directory = directory;
        this.setup = setup;
    }

    static RunningWorker start() throws IOException {
        return start(new Setup(1, Map.of(), SiteTree.SITES));
    }

    static RunningWorker start(Setup setup) throws IOException {
        var directory = Files.createTempDirectory(
                Path.of("/dev/shm"),
                "drover-conformance-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var running = new RunningWorker(directory, setup);
        try {
            SiteTree.create(directory.resolve("tree"));
            var region = Region.create(directory.resolve("region"), new RegionLayout(LOOPS, 5));
            for (int slot = 1; slot <= setup.workers(); slot++) {
                region.reserve(slot);
            }
            running.startMaster();
            running.writeConfig();
            for (int slot = 1; slot <= setup.workers(); slot++) {
                running.startWorker(slot);
            }
            await("all lanes are open").atMost(START).until(() -> running.lanes() == setup.workers() * LOOPS);
            return running;
        } catch (IOException | RuntimeException failure) {
            running.close();
            throw failure;
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), statusNumber(LISTENING));
    }

    /** What is in the access log by now. */
    List<String> logged() throws IOException {
        return Files.readAllLines(directory.resolve("access.log"), ISO_8859_1);
    }

    /** What the workers said. */
    String said() {
        return IntStream.rangeClosed(1, setup.workers())
                .mapToObj(slot -> log("worker-" + slot))
                .collect(Collectors.joining());
    }

    /** A counter's sum over all workers. */
    long counted(Counter counter) throws IOException {
        var reader = new RegionReader(Region.openToRead(directory.resolve("region")));
        return IntStream.rangeClosed(1, setup.workers())
                .mapToLong(slot -> reader.seat(slot, 0).counts().get(counter))
                .sum();
    }

    /** Whether all are still the processes that were started. */
    boolean isAlive() {
        return processes.stream().allMatch(Process::isAlive);
    }

    private void startMaster() throws IOException {
        run(
                "master",
                target("drover-master").toString(),
                "--run-directory",
                directory.toString(),
                "--region",
                directory.resolve("region").toString(),
                "--loops",
                Integer.toString(LOOPS),
                "--listen",
                "127.0.0.1:0");
        await("the master answers").atMost(START).ignoreExceptions().until(() -> status().startsWith("ok"));
    }

    private void writeConfig() throws IOException {
        Files.writeString(directory.resolve("sites"), setup.sites());
        var config = new TreeMap<String, String>();
        """
                run-directory=%1$s
                region=%1$s/region
                document-root=%1$s/tree/sites
                loops=%2$d
                file-threads=2
                file-queue=64
                cache-bytes=16777216
                meters=1
                keep-alive-millis=30000
                drain-millis=1000
                proxy-protocol-trusted=
                forwarded-trusted=
                forwarded-header=X-Forwarded-For
                connections-per-address=0
                access-log=%1$s/access.log
                access-log-format=combined
                access-log-rotate-bytes=0
                access-log-rotate-millis=0
                access-log-keep=1
                sites=%1$s/sites
                """.formatted(directory, LOOPS)
                .lines()
                .map(line -> line.split("=", 2))
                .forEach(pair -> config.put(pair[0], pair[1]));
        config.putAll(setup.config());
        var lines = config.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        Files.write(directory.resolve("worker.properties"), lines);
    }

    private void startWorker(int slot) throws IOException {
        run(
                "worker-" + slot,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "-cp",
                target("classes").toString(),
                "drover.engine.Worker",
                "--config",
                directory.resolve("worker.properties").toString(),
                "--slot",
                Integer.toString(slot),
                "--seat",
                "0");
    }

    /** What the build made lies beside the class files. */
    private static Path target(String name) {
        var classes = Path.of(
                Region.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        return classes.resolveSibling(name);
    }

    private void run(String name, String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start());
    }

    private int lanes() {
        return statusNumber(LANES);
    }

    private int statusNumber(Pattern pattern) {
        var number = pattern.matcher(status());
        if (!number.find()) {
            throw new IllegalStateException("the master's status has no " + pattern);
        }
        return Integer.parseInt(number.group(1));
    }

    private String status() {
        try (var control = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            control.connect(UnixDomainSocketAddress.of(directory.resolve("control.sock")));
            control.write(ByteBuffer.wrap("status\n".getBytes(US_ASCII)));
            var answer = ByteBuffer.allocate(1024);
            control.read(answer);
            return US_ASCII.decode(answer.flip()).toString();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot ask the master, its log: " + log("master"), failure);
        }
    }

    private String log(String name) {
        try {
            return Files.readString(directory.resolve(name + ".log"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() throws IOException {
        processes.forEach(Process::destroy);
        for (var process : processes) {
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException interrupted) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
