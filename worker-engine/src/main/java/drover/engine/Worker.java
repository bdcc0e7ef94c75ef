package drover.engine;

import drover.engine.accesslog.AccessLog;
import drover.engine.accesslog.LogLine;
import drover.engine.auth.Logins;
import drover.engine.config.AccessLogConfig;
import drover.engine.config.AccessLogFormat;
import drover.engine.config.WorkerConfig;
import drover.engine.explain.ExplainSocket;
import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.FileThreads;
import drover.engine.files.Freshness;
import drover.engine.lane.Lane;
import drover.engine.log.Log;
import drover.engine.loop.AddressLimit;
import drover.engine.loop.Capacity;
import drover.engine.loop.EventLoop;
import drover.engine.posix.Adoption;
import drover.engine.posix.AdoptionUnsupported;
import drover.engine.posix.Posix;
import drover.engine.respond.Responder;
import drover.engine.stats.Region;
import drover.engine.stats.Seat;
import drover.engine.vhost.ConfiguredSite;
import drover.engine.vhost.SitesFile;
import drover.engine.vhost.VirtualHosts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** The worker process; {@code docs/formats/worker.md} says how it is started and what its exit codes mean. */
public final class Worker {

    private static final int EXIT_NOT_STARTED = 1;
    private static final int EXIT_BAD_CONFIG = 2;
    private static final int EXIT_JDK_UNSUPPORTED = 4;

    /** How many responses may wait for more of their files at once. */
    private static final int MOST_READS = 16_384;

    private final WorkerConfig config;
    private final List<ConfiguredSite> sites;
    private final Seat seat;
    private final Semaphore changes = new Semaphore(0);
    private final CountDownLatch left = new CountDownLatch(1);

    private Worker(WorkerConfig config, List<ConfiguredSite> sites, Seat seat) {
        this.config = config;
        this.sites = sites;
        this.seat = seat;
    }

    public static void main(String... arguments) {
        // Ctrl+C in admin's terminal is admin's affair; a worker is drained.
        Posix.ignoreSignal(Posix.SIGINT);
        // Other servers reopen their logs at it, but here its default would end the worker; a moved log is noticed
        // anyway.
        Posix.ignoreSignal(Posix.SIGUSR1);
        Thread.setDefaultUncaughtExceptionHandler(Worker::end);
        try {
            var config = WorkerConfig.of(arguments);
            var sites = config.sites().map(SitesFile::read).orElse(List.of());
            Adoption.check();
            var region = Region.openToWrite(config.region());
            if (region.layout().loops() != config.loops()) {
                throw new IOException(config.region() + " was laid out for "
                        + region.layout().loops() + " event loops, not " + config.loops());
            }
            var seat = Seat.take(
                    region,
                    config.slot(),
                    config.seat(),
                    ProcessHandle.current().pid(),
                    System.currentTimeMillis(),
                    config.meters());
            new Worker(config, sites, seat).run();
        } catch (WorkerConfig.Invalid | SitesFile.Invalid invalid) {
            fail(EXIT_BAD_CONFIG, String.valueOf(invalid.getMessage()));
        } catch (AdoptionUnsupported unsupported) {
            fail(EXIT_JDK_UNSUPPORTED, String.valueOf(unsupported.getMessage()));
        } catch (ExceptionInInitializerError unsupported) {
            fail(EXIT_JDK_UNSUPPORTED, String.valueOf(unsupported.getCause()));
        } catch (IOException | InterruptedException failure) {
            fail(EXIT_NOT_STARTED, failure.toString());
        }
    }

    /** A thread that is gone would leave clients who wait for it for ever. */
    private static void end(Thread thread, Throwable failure) {
        Log.error("thread failed thread=" + thread.getName(), failure);
        Runtime.getRuntime().halt(EventLoop.EXIT_LOOP_FAILED);
    }

    private static void fail(int exitCode, String why) {
        Log.error("worker not started why=\"" + why + "\"");
        Runtime.getRuntime().halt(exitCode);
    }

    private void run() throws IOException, InterruptedException {
        var capacity = Capacity.ofLoop(config.loops());
        var cache = new FileCache(config.cacheBytes(), capacity.openFiles());
        var virtualHosts = new VirtualHosts(config.documentRoot(), sites);
        var logins = new Logins(sites.stream()
                .flatMap(site -> site.rules().protections().stream())
                .toList());
        var documentRoot = new DocumentRoot(cache);
        var addressLimit = AddressLimit.open(
                config.runDirectory(),
                config.slot(),
                config.seat(),
                config.clients().connectionsPerAddress());
        var fileThreads = new FileThreads("file", config.fileThreads(), config.fileQueue());
        var freshness = new Thread(new Freshness(cache, documentRoot), "freshness");
        freshness.setDaemon(true);
        freshness.start();
        var readers = new FileThreads("reader", config.fileThreads(), MOST_READS);
        var accessLog = config.accessLog().isPresent()
                ? Optional.of(AccessLog.open(config.accessLog().get(), config.loops(), changes::release))
                : Optional.<AccessLog>empty();
        var format = config.accessLog().map(AccessLogConfig::format).orElse(AccessLogFormat.COMBINED);

        var loops = new ArrayList<EventLoop>();
        var lanes = config.runDirectory().resolve("lanes.sock");
        for (int number = 0; number < config.loops(); number++) {
            int loop = number;
            var message = Lane.message();
            loops.add(new EventLoop(new EventLoop.Setup(
                    loop,
                    seat.loops().get(loop),
                    () -> Lane.connect(lanes, config.slot(), config.seat(), loop, message),
                    new Responder(virtualHosts, cache, logins.desk()),
                    documentRoot,
                    fileThreads,
                    readers,
                    accessLog.map(log -> log.ring(loop)),
                    capacity,
                    new LogLine(format, config.slot()),
                    config.clients(),
                    addressLimit,
                    config.keepAlive(),
                    config.drain(),
                    changes::release)));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveOnSignal(loops), "leave"));
        for (int number = 0; number < loops.size(); number++) {
            new Thread(loops.get(number), "loop-" + number).start();
        }
        var questions = new ExplainSocket(config.runDirectory(), config.slot(), config.seat(), virtualHosts, cache);
        var asked = new Thread(questions, "explain");
        asked.setDaemon(true);
        asked.start();
        new Housekeeping(config, seat, loops, virtualHosts, logins, cache, fileThreads, accessLog).run(changes);
        addressLimit.ifPresent(AddressLimit::end);
        questions.end();
        left.countDown();
    }

    /** SIGTERM: what is in flight is finished, then the process ends as after any drain. */
    private void leaveOnSignal(List<EventLoop> loops) {
        loops.forEach(EventLoop::leave);
        try {
            left.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }
}
