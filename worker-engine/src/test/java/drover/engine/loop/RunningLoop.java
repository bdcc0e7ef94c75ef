package drover.engine.loop;

import static org.awaitility.Awaitility.await;

import drover.engine.accesslog.AccessLog;
import drover.engine.accesslog.LogLine;
import drover.engine.config.AccessLogConfig;
import drover.engine.config.AccessLogFormat;
import drover.engine.config.ClientsConfig;
import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.FileThreads;
import drover.engine.lane.Drain;
import drover.engine.lane.MasterEnd;
import drover.engine.respond.Responder;
import drover.engine.stats.Counter;
import drover.engine.stats.LoopStats;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.Seat;
import drover.engine.vhost.VirtualHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An event loop as a worker has it, with a region, a cache and a log of its own; the test is its master. */
final class RunningLoop implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MasterEnd master = MasterEnd.open();
    private final Path logFile;
    private final AccessLog log;
    private final LoopStats stats;
    private final EventLoop loop;
    private final Thread thread;

    RunningLoop(Path directory, String name, ClientsConfig clients) throws IOException {
        this(directory, name, clients, new Capacity(1000, 16));
    }

    RunningLoop(Path directory, String name, ClientsConfig clients, Capacity capacity) throws IOException {
        var cache = new FileCache(64 << 20, 16);
        var region = Region.create(directory.resolve(name + ".region"), new RegionLayout(1, 3));
        region.reserve(1);
        logFile = directory.resolve(name + ".log");
        log = AccessLog.open(new AccessLogConfig(logFile, AccessLogFormat.COMBINED, 0, Duration.ZERO, 1), 1, () -> {});
        stats = Seat.take(region, 1, 0, 1, 1, true).loops().getFirst();
        loop = new EventLoop(new EventLoop.Setup(
                0,
                stats,
                master::connect,
                new Responder(new VirtualHosts(directory.resolve("sites")), cache),
                new DocumentRoot(cache),
                new FileThreads(name + "-file", 1, 16),
                new FileThreads(name + "-reader", 1, 16),
                Optional.of(log.ring(0)),
                capacity,
                new LogLine(AccessLogFormat.COMBINED, 1),
                clients,
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                () -> {}));
        thread = Thread.ofPlatform().daemon().name(name).start(loop);
    }

    /** The test's end of its lane. */
    MasterEnd master() {
        return master;
    }

    EventLoop loop() {
        return loop;
    }

    long counted(Counter counter) {
        return stats.section().get(counter);
    }

    /** What it has logged, once there is something. */
    List<String> logged() {
        await("a line in the log").atMost(PATIENCE).until(() -> !lines().isEmpty());
        return lines();
    }

    /** What it has logged by now. */
    List<String> lines() {
        log.flush();
        try {
            return Files.readAllLines(logFile);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Whether it has drained, whatever its clients do. */
    boolean isDone() {
        return !thread.isAlive();
    }

    void awaitDone() {
        await("the loop has nothing left").atMost(PATIENCE).until(this::isDone);
    }

    @Override
    public void close() {
        loop.execute(() -> loop.drain(Drain.ALONE));
        awaitDone();
        log.close();
        master.close();
    }
}
