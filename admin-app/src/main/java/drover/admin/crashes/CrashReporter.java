package drover.admin.crashes;

import drover.admin.crashes.CrashReport.End;
import drover.admin.crashes.CrashReport.Finished;
import drover.admin.crashes.CrashReport.InFlight;
import drover.admin.crashes.CrashReport.Worker;
import drover.engine.stats.Flight;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes crash reports. What the next process of a slot would overwrite is taken at once, on the supervisor's thread; files
 * are read and written on a thread of its own, because the farm does not wait for a disk.
 */
public final class CrashReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CrashReporter.class);

    private static final int MOST_IN_FLIGHT = 256;
    private static final int MOST_FINISHED = 64;
    private static final int LOG_LINES = 50;
    private static final int LOG_BYTES = 16 << 10;
    private static final int ERROR_LINES = 60;
    private static final int ERROR_BYTES = 16 << 10;
    private static final int THREADS_BYTES = 256 << 10;

    /** A JVM that was asked for its threads is killed a second later. */
    private static final Duration DUMPED_AFTER = Duration.ofMillis(1200);

    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(3);
    private static final String DUMP = "Full thread dump";
    private static final double NANOS_PER_SECOND = 1e9;

    private final CrashFiles files;
    private final LastMinute lastMinute;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("crash-reports").unstarted(task));

    /** So that no two reports have the same id. */
    private Instant last = Instant.EPOCH;

    public CrashReporter(CrashFiles files, LastMinute lastMinute) {
        this.files = files;
        this.lastMinute = lastMinute;
        thread.execute(() -> carefully("", files::forgetOldest));
    }

    /**
     * What the files of a process are.
     *
     * @param log its slot's log
     * @param errorFile where the JVM tells of its own crash
     */
    public record Traces(Path log, Path errorFile) {}

    /**
     * Begins the report of a worker that is dead, or hangs. Its files are read, and the report is written, soon.
     *
     * @param flights what it recorded
     * @param nanos the moment that ages refer to, CLOCK_MONOTONIC
     * @param end how it ended, if it has
     * @return the report's id
     */
    public String report(
            Worker worker, String cause, Optional<End> end, List<Flight> flights, long nanos, Traces traces) {
        var at = moment();
        var id = CrashFiles.id(at, worker.slot());
        var inFlight = flights.stream().filter(flight -> !flight.isFinished()).toList();
        var minute = lastMinute.of(worker.slot());
        long logEnd = Excerpt.length(traces.log());
        thread.execute(() -> carefully(
                id,
                () -> files.write(new CrashReport(
                        id,
                        at,
                        cause,
                        worker,
                        end,
                        inFlight.size(),
                        inFlight.stream()
                                .limit(MOST_IN_FLIGHT)
                                .map(flight -> inFlight(flight, nanos))
                                .toList(),
                        flights.stream()
                                .filter(Flight::isFinished)
                                .limit(MOST_FINISHED)
                                .map(flight -> finished(flight, nanos))
                                .toList(),
                        minute,
                        Excerpt.before(traces.log(), logEnd, LOG_LINES, LOG_BYTES),
                        List.of(),
                        Excerpt.beginning(traces.errorFile(), worker.startedAt(), ERROR_LINES, ERROR_BYTES)))));
        return id;
    }

    private synchronized Instant moment() {
        var now = Instant.ofEpochMilli(System.currentTimeMillis());
        last = now.isAfter(last) ? now : last.plusMillis(1);
        return last;
    }

    private static InFlight inFlight(Flight flight, long nanos) {
        return new InFlight(
                flight.loop(),
                flight.phase(),
                flight.method(),
                flight.client(),
                flight.host(),
                flight.path(),
                flight.connection(),
                seconds(flight.begunNanos(), nanos),
                seconds(flight.sinceNanos(), nanos),
                flight.bytes());
    }

    private static Finished finished(Flight flight, long nanos) {
        return new Finished(
                flight.loop(),
                flight.status(),
                flight.method(),
                flight.client(),
                flight.host(),
                flight.path(),
                flight.connection(),
                seconds(flight.begunNanos(), flight.endedNanos()),
                seconds(flight.endedNanos(), nanos),
                flight.bytes());
    }

    /** Between two times of which the region's may be anything; to the millisecond. */
    private static double seconds(long from, long to) {
        long millis = Math.max(0, Math.round((to - from) / NANOS_PER_SECOND * 1000));
        return millis / 1000.0;
    }

    // ---- what becomes known later

    /** A worker that hangs is about to write what its threads do: that belongs into its report. */
    public void awaitThreads(String id, Path log) {
        long from = Excerpt.length(log);
        var _ = thread.schedule(
                () -> carefully(id, () -> {
                    var dump = Excerpt.behind(log, from, THREADS_BYTES).stream()
                            .dropWhile(line -> !line.startsWith(DUMP))
                            .toList();
                    if (!dump.isEmpty()) {
                        complete(id, report -> report.threads(dump));
                    }
                }),
                DUMPED_AFTER.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** A worker that hung has ended. */
    public void ended(String id, End how) {
        thread.execute(() -> carefully(id, () -> complete(id, report -> report.ended(how))));
    }

    private void complete(String id, UnaryOperator<CrashReport> change) throws IOException {
        var report = files.find(id);
        if (report.isPresent()) {
            files.write(change.apply(report.get()));
        }
    }

    private interface Step {

        void take() throws IOException;
    }

    private static void carefully(String id, Step step) {
        try {
            step.take();
        } catch (IOException | RuntimeException failure) {
            LOG.error("crash report not written id={} why=\"{}\"", id, failure.toString());
        }
    }

    /** What was begun is written. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("crash reports not finished in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
