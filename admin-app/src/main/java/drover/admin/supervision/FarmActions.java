package drover.admin.supervision;

import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.SeatReading;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
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
    private Optional<Long> killedNanos = Optional.empty();
    private boolean masterSilent;

    FarmActions(
            Launcher launcher,
            ControlClient control,
            OutputFiles output,
            Supplier<RegionReader> region,
            IntConsumer counts,
            Journal journal) {
        this.launcher = launcher;
        this.control = control;
        this.output = output;
        this.region = region;
        this.counts = counts;
        this.journal = journal;
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

    @Override
    public void askForThreads(int slot, Member member) {
        output.keepDump(slot, member.pid());
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
                    .cause(member.cause().map(RestartReason::label).orElse("late"))
                    .detail(why));
        }
    }
}
