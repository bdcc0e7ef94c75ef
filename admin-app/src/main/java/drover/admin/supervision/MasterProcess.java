package drover.admin.supervision;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master, kept alive as a slot keeps its worker. Owned by the supervisor's thread. */
final class MasterProcess {

    private static final Logger LOG = LoggerFactory.getLogger(MasterProcess.class);
    private static final Pattern LISTENING = Pattern.compile("\\blistening=(\\S*)");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

    private final Launcher launcher;
    private final ControlClient control;
    private final Backoff backoff = new Backoff();
    private List<String> listen;
    private final int loops;
    private Optional<Member> process = Optional.empty();
    private SlotState resting = SlotState.VACANT;
    private long retryAtNanos;
    private List<String> listening = List.of();

    MasterProcess(Launcher launcher, ControlClient control, List<String> listen, int loops) {
        this.launcher = launcher;
        this.control = control;
        this.listen = listen;
        this.loops = loops;
    }

    void adopt(FarmFile.Entry entry, long now) {
        if (entry.isAlive() && entry.identity().commandNames("drover-master")) {
            process = Optional.of(Member.adopted(entry, now));
            process.get().enter(SlotState.STARTING, now); // until it has answered
            LOG.info("master adopted pid={}", entry.pid());
        }
    }

    void tick(long now, boolean wanted) {
        process.ifPresent(member -> tend(member, now, wanted));
        if (wanted && process.isEmpty() && resting != SlotState.FAILED && now - retryAtNanos >= 0) {
            launch(now);
        }
    }

    private void launch(long now) {
        try {
            var identity = launcher.master(listen, loops).identity();
            process = Optional.of(new Member(0, identity, Instant.now(), SlotState.STARTING, now));
            LOG.info("master started pid={}", identity.pid());
        } catch (IOException failure) {
            crashed(now, String.valueOf(failure.getMessage()));
        }
    }

    private void tend(Member member, long now, boolean wanted) {
        if (!member.isAlive()) {
            process = Optional.empty();
            listening = List.of();
            if (wanted) {
                crashed(now, lastWords());
            }
        } else if (member.isIn(SlotState.STARTING)) {
            askWhereItListens(member, now);
        }
    }

    private void askWhereItListens(Member member, long now) {
        try {
            var answer = LISTENING.matcher(control.ask("status"));
            if (answer.find()) {
                listening = List.of(answer.group(1).split(",", -1));
                // A port that the kernel chose stays when this master is replaced: clients know it by now.
                listen = listening;
                member.enter(SlotState.UP, now);
                LOG.info("master up pid={} listening={}", member.identity().pid(), listening);
            }
        } catch (IOException notYet) {
            if (member.nanosInState(now) > START_TIMEOUT.toNanos()) {
                LOG.warn(
                        "master killed pid={} why=\"it does not answer: {}\"",
                        member.identity().pid(),
                        notYet.getMessage());
                member.identity().kill();
            }
        }
    }

    private void crashed(long now, String why) {
        backoff.crashed(now);
        resting = backoff.exhausted() ? SlotState.FAILED : SlotState.BACKOFF;
        retryAtNanos = now + backoff.delay().toNanos();
        LOG.error("master crashed state={} why=\"{}\"", resting, why);
    }

    /** The last line it wrote, without time and level: what it ended of. */
    String lastWords() {
        return Launcher.lastLine(launcher.masterLog())
                .map(line -> line.replaceFirst("^\\S+ (INFO|WARN|ERROR) ", ""))
                .orElse("it left no word");
    }

    /** Somebody wants it tried again. */
    void retry() {
        if (resting == SlotState.FAILED) {
            backoff.reset();
            resting = SlotState.VACANT;
        }
    }

    boolean isUp() {
        return process.filter(member -> member.isIn(SlotState.UP)).isPresent();
    }

    boolean isEmpty() {
        return process.filter(Member::isAlive).isEmpty();
    }

    boolean hasCrashed() {
        return resting == SlotState.BACKOFF || resting == SlotState.FAILED;
    }

    void kill() {
        process.ifPresent(member -> member.identity().kill());
    }

    MasterView view() {
        return new MasterView(
                process.map(Member::state).orElse(resting),
                process.map(member -> member.identity().pid()),
                process.map(Member::startedAt),
                listening);
    }

    Optional<FarmFile.Entry> entry() {
        return process.map(Member::entry);
    }
}
