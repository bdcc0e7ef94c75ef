package drover.engine;

import drover.engine.accesslog.AccessLog;
import drover.engine.auth.Logins;
import drover.engine.config.AccessLogConfig;
import drover.engine.config.WorkerConfig;
import drover.engine.files.FileCache;
import drover.engine.files.FileThreads;
import drover.engine.log.Log;
import drover.engine.loop.EventLoop;
import drover.engine.stats.Counter;
import drover.engine.stats.Seat;
import drover.engine.stats.SeatState;
import drover.engine.vhost.VirtualHosts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the worker's main thread does from start to end: says in the region how the worker is, writes the access log, keeps
 * the list of sites and the gauges that belong to no loop.
 */
final class Housekeeping {

    private static final Duration TICK = Duration.ofMillis(100);
    private static final long SITES_NANOS = Duration.ofSeconds(1).toNanos();

    private final WorkerConfig config;
    private final Seat seat;
    private final List<EventLoop> loops;
    private final VirtualHosts virtualHosts;
    private final Logins logins;
    private final FileCache cache;
    private final FileThreads fileThreads;
    private final Optional<AccessLog> accessLog;
    private SeatState announced = SeatState.STARTING;
    private long evictions;
    private long sitesSeenNanos = System.nanoTime();
    private boolean logRefused;
    private final Upkeep upkeep;

    Housekeeping(
            WorkerConfig config,
            Seat seat,
            List<EventLoop> loops,
            VirtualHosts virtualHosts,
            Logins logins,
            FileCache cache,
            FileThreads fileThreads,
            Optional<AccessLog> accessLog) {
        this.config = config;
        this.seat = seat;
        this.loops = loops;
        this.virtualHosts = virtualHosts;
        this.logins = logins;
        this.cache = cache;
        this.fileThreads = fileThreads;
        this.accessLog = accessLog;
        this.upkeep = new Upkeep(seat.housekeeping());
    }

    /** Runs until every loop has finished; a release of {@code changes} brings the next look forward. */
    void run(Semaphore changes) throws InterruptedException {
        while (announced != SeatState.LEFT) {
            changes.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
            changes.drainPermits();
            // Asked first, so that the flush below takes the last lines.
            var now = state();
            accessLog.ifPresent(log -> count(now == SeatState.LEFT ? log.flushLast() : log.flush()));
            keepGauges();
            keepSites();
            upkeep.keep(System.nanoTime());
            seat.housekeeping().beat(System.nanoTime());
            announce(now);
        }
        accessLog.ifPresent(AccessLog::close);
    }

    private SeatState state() {
        if (loops.stream().allMatch(EventLoop::isFinished)) {
            return SeatState.LEFT;
        }
        if (loops.stream().anyMatch(EventLoop::isDraining)) {
            return SeatState.DRAINING;
        }
        return loops.stream().allMatch(EventLoop::isWelcomed) ? SeatState.READY : SeatState.STARTING;
    }

    private void announce(SeatState now) {
        if (now != announced) {
            announced = now;
            Log.info("worker " + now.name().toLowerCase(Locale.ROOT) + " slot=" + config.slot() + " seat="
                    + config.seat() + " pid=" + ProcessHandle.current().pid());
            seat.announce(now);
        }
    }

    private void count(AccessLog.Flushed flushed) {
        seat.housekeeping().add(Counter.ACCESS_LOG_LINES, flushed.lines());
        seat.housekeeping().add(Counter.ACCESS_LOG_DROPPED_LINES, flushed.dropped());
        seat.housekeeping().add(Counter.ACCESS_LOG_ROTATIONS, flushed.rotations());
        if (flushed.dropped() > 0 && !logRefused) {
            Log.warn("access log refused lines=" + flushed.dropped() + " file="
                    + config.accessLog().map(AccessLogConfig::file).orElseThrow());
        }
        logRefused = flushed.dropped() > 0;
    }

    private void keepGauges() {
        var stats = seat.housekeeping();
        stats.set(Counter.FILE_CACHE_BYTES, cache.bytes());
        stats.set(Counter.FILE_CACHE_ENTRIES, cache.entries());
        stats.set(Counter.FILE_QUEUE_DEPTH, fileThreads.queueDepth());
        stats.add(Counter.FILE_CACHE_EVICTIONS, cache.evictions() - evictions);
        evictions = cache.evictions();
    }

    private void keepSites() {
        if (System.nanoTime() - sitesSeenNanos > SITES_NANOS) {
            sitesSeenNanos = System.nanoTime();
            virtualHosts.refresh();
            logins.refresh();
        }
    }
}
