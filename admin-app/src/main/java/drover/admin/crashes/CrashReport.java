package drover.admin.crashes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import drover.engine.stats.Flight;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which request hurt: all that was known of a worker when it ended as nobody wished, or hung; a file of its own,
 * {@code docs/formats/crashes.md}. Texts of clients and processes are as they were sent, to be escaped by whoever shows them.
 *
 * @param id its place in time and its slot, as in the file's name
 * @param at when it was found dead or hung: what ages refer to
 * @param cause {@code crash}, {@code oom} or {@code hang}
 * @param end empty while a worker that hung still lives, or if nobody saw its end
 * @param requestsInFlight how many there were, of which the oldest are in {@code inFlight}
 * @param finished the last requests that it answered, the last first
 * @param lastMinute the slot's gauges, a line a second, as far as admin saw them
 * @param log last lines of the slot's log, in which its earlier processes wrote too
 * @param threads what its threads did, if it hung and said so
 * @param errorFile the beginning of what the JVM wrote of its own crash
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CrashReport(
        String id,
        Instant at,
        String cause,
        Worker worker,
        Optional<End> end,
        int requestsInFlight,
        List<InFlight> inFlight,
        List<Finished> finished,
        List<Gauges> lastMinute,
        List<String> log,
        List<String> threads,
        List<String> errorFile) {

    public CrashReport {
        Objects.requireNonNull(id);
        Objects.requireNonNull(at);
        Objects.requireNonNull(cause);
        Objects.requireNonNull(worker);
        inFlight = List.copyOf(inFlight);
        finished = List.copyOf(finished);
        lastMinute = List.copyOf(lastMinute);
        log = List.copyOf(log);
        threads = List.copyOf(threads);
        errorFile = List.copyOf(errorFile);
    }

    /**
     * The process it is about.
     *
     * @param generation of the configuration and the worker that it was started with
     * @param version of the worker
     */
    public record Worker(int slot, int seat, long pid, int generation, String version, Instant startedAt) {}

    /**
     * How it ended.
     *
     * @param exitCode empty if another admin had started it: only a parent learns it
     * @param signal what ended it, such as {@code SIGKILL}
     */
    public record End(Instant at, Optional<Integer> exitCode, Optional<String> signal) {

        /** With the signal that an exit code stands for. */
        public static End of(Instant at, Optional<Integer> exitCode) {
            return new End(at, exitCode, exitCode.flatMap(SignalName::of));
        }
    }

    /**
     * A request that it was at.
     *
     * @param path without its query
     * @param ageSeconds since its first byte
     * @param phaseSeconds since its phase began
     * @param bytes of the body so far
     */
    public record InFlight(
            int loop,
            Flight.Phase phase,
            String method,
            String client,
            String host,
            String path,
            long connection,
            double ageSeconds,
            double phaseSeconds,
            long bytes) {}

    /**
     * A request that it had answered.
     *
     * @param tookSeconds from its first byte until its answer was out
     * @param agoSeconds since then
     */
    public record Finished(
            int loop,
            int status,
            String method,
            String client,
            String host,
            String path,
            long connection,
            double tookSeconds,
            double agoSeconds,
            long bytes) {}

    /** What a list of reports shows of each. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Summary(String id, Instant at, String cause, Worker worker, Optional<End> end, int requestsInFlight) {

        public Summary {
            Objects.requireNonNull(id);
            Objects.requireNonNull(at);
            Objects.requireNonNull(cause);
            Objects.requireNonNull(worker);
        }
    }

    CrashReport ended(End how) {
        return new CrashReport(
                id,
                at,
                cause,
                worker,
                Optional.of(how),
                requestsInFlight,
                inFlight,
                finished,
                lastMinute,
                log,
                threads,
                errorFile);
    }

    CrashReport threads(List<String> lines) {
        return new CrashReport(
                id, at, cause, worker, end, requestsInFlight, inFlight, finished, lastMinute, log, lines, errorFile);
    }
}
