package drover.admin.supervision;

import drover.admin.crashes.CrashReport;
import drover.admin.crashes.CrashReporter;
import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import drover.engine.stats.Flight;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.SeatReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What slots have done, in the real world. Owned by the supervisor. */
final class FarmActions implements SlotActions {

    private static final Logger LOG = LoggerFactory.getLogger(FarmActions.class);

    private static final int EXIT_OUT_OF_MEMORY = 3;
    /** What the JVM says then; the exit code of a process that was adopted nobody learns. */
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";

    /** Should a fault of ours, or of the machine, make all workers look hung, they must not end at once. */
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);

    private final Launcher launcher;
    private final ControlClient control;
    private final OutputFiles output;
    private final Supplier<RegionReader> region;
    /** Told of a slot in which a process is about to count. */
    private final IntConsumer counts;

    private final Journal journal;
    private final CrashReporter crashes;
    private final IntFunction<String> versions;
    private Optional<Long> killedNanos = Optional.empty();
    private boolean masterSilent;

    /** The actions of a farm; {@code versions} knows the worker of a generation. */
    FarmActions(
            Launcher launcher,
            ControlClient control,
            OutputFiles output,
            Supplier<RegionReader> region,
            IntConsumer counts,
            Journal journal,
            CrashReporter crashes,
            IntFunction<String> versions) {
        this.launcher = launcher;
        this.control = control;
        this.output = output;
        this.region = region;
        this.counts = counts;
        this.journal = journal;
        this.crashes = crashes;
        this.versions = versions;
    }

    /** A new turn: a master that did not answer in the last one may be asked again. */
    void begin() {
        masterSilent = false;
    }

    @Override
    public Launcher.Started launch(int slot, int seat, Release release) throws IOException {
        counts.accept(slot);
        return launcher.worker(slot, seat, release);
    }

    @Override
    public void drain(int slot, int seat) throws IOException {
        ask("drain " + slot + " " + seat);
    }

    /** Asks the master, unless it has let us wait in this turn already; what it says after "ok". */
    String ask(String command) throws IOException {
        if (masterSilent) {
            throw new IOException("the master did not answer just now");
        }
        String answer;
        try {
            answer = control.ask(command);
        } catch (IOException silent) {
            masterSilent = true;
            throw silent;
        }
        if (!answer.startsWith("ok")) {
            throw new IOException(answer);
        }
        return answer.substring("ok".length()).strip();
    }

    @Override
    public Optional<SeatReading> reading(int slot, Member member) {
        return Optional.of(region.get().seat(slot, member.seat())).filter(seat -> seat.pid() == member.pid());
    }

    @Override
    public RestartReason endedBy(int slot, Member member) {
        boolean outOfMemory = member.exitCode()
                .map(code -> code == EXIT_OUT_OF_MEMORY)
                .orElseGet(() -> lastWords(slot).contains(OUT_OF_MEMORY));
        return outOfMemory ? RestartReason.OOM : RestartReason.CRASH;
    }

    @Override
    public String lastWords(int slot) {
        return OutputFiles.lastLine(output.worker(slot)).orElse("it left no word");
    }

    // ---- crash reports

    @Override
    public void report(int slot, Member member, RestartReason reason) {
        long now = System.nanoTime();
        long endedNanos = endedNanos(slot, member, now);
        var end = member.isAlive()
                ? Optional.<CrashReport.End>empty()
                : Optional.of(CrashReport.End.of(Instant.now().minusNanos(now - endedNanos), member.exitCode()));
        var begun = member.report();
        if (begun.isPresent()) {
            end.ifPresent(how -> crashes.ended(begun.get(), how));
            return;
        }
        var id = crashes.report(
                new CrashReport.Worker(
                        slot,
                        member.seat(),
                        member.pid(),
                        member.generation(),
                        versions.apply(member.generation()),
                        member.startedAt()),
                reason.label(),
                end,
                flights(slot, member),
                endedNanos,
                new CrashReporter.Traces(output.worker(slot), output.errorFile(slot, member.pid())));
        member.reportedAs(id);
        LOG.info("crash report begun id={} slot={} pid={}", id, slot, member.pid());
    }

    /** Of one that ended while admin was away: when its loops were last seen to turn. Of others: now. */
    private long endedNanos(int slot, Member member, long now) {
        return reading(slot, member)
                .filter(_ -> !member.isAlive()
                        && !member.heartbeats().isWatched()
                        && member.exitCode().isEmpty())
                .flatMap(seat -> seat.heartbeatNanos().stream().max(Long::compare))
                .filter(beat -> beat > 0 && beat < now)
                .orElse(now);
    }

    private List<Flight> flights(int slot, Member member) {
        try {
            return reading(slot, member).isPresent() ? region.get().flights(slot, member.seat()) : List.of();
        } catch (RuntimeException | InternalError unreadable) {
            // A region truncated under the mapping is an InternalError; the slot's next process must not wait for it.
            LOG.warn("flight recorder not read slot={} why=\"{}\"", slot, unreadable.toString());
            return List.of();
        }
    }

    @Override
    public void askForThreads(int slot, Member member) {
        output.keepDump(slot, member.pid());
        member.report().ifPresent(id -> crashes.awaitThreads(id, output.worker(slot)));
        Signals.dumpThreads(member.identity());
    }

    @Override
    public void happened(Event event) {
        journal.add(event);
    }

    @Override
    public void killForGood(int slot, Member member, String why, long now) {
        if (killedNanos.filter(last -> now - last < BETWEEN_KILLS.toNanos()).isPresent()) {
            return;
        }
        if (member.kill()) {
            killedNanos = Optional.of(now);
            LOG.warn("worker killed slot={} pid={} why=\"{}\"", slot, member.pid(), why);
            happened(Event.of(Kind.WORKER_KILLED)
                    .slot(slot)
                    .pid(member.pid())
                    .crash(member.report())
                    .cause(member.cause().map(RestartReason::label).orElse("late"))
                    .detail(why));
        }
    }
}
