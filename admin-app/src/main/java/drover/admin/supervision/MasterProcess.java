package drover.admin.supervision;

import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master, kept alive whatever happens: without it nobody new is served, so it is never given up. One that was up is
 * replaced at once; one that does not come up is tried again less and less often. Workers that live meanwhile keep its
 * listening sockets and give them to the next one. Owned by the supervisor's thread.
 */
final class MasterProcess {

    private static final Logger LOG = LoggerFactory.getLogger(MasterProcess.class);
    private static final Pattern LISTENING = Pattern.compile("\\blistening=(\\S*)");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);
    /** It turns four times a second, however idle it is. */
    private static final Duration HUNG_AFTER = Duration.ofSeconds(3);

    private final Launcher launcher;
    private final Consumer<Event> journal;
    private final ControlClient control;
    private final int loops;
    private final Backoff backoff = new Backoff();

    private List<String> listen;
    private Optional<Member> process = Optional.empty();
    private SlotState resting = SlotState.VACANT;
    private long retryAtNanos;
    private List<String> listening = List.of();

    MasterProcess(Launcher launcher, ControlClient control, List<String> listen, int loops, Consumer<Event> journal) {
        this.launcher = launcher;
        this.journal = journal;
        this.control = control;
        this.listen = listen;
        this.loops = loops;
    }

    void adopt(FarmFile.Entry entry, long now) {
        if (entry.isAlive() && entry.identity().commandNames("drover-master")) {
            process = Optional.of(Member.adopted(entry, SlotState.STARTING, now)); // until it has answered
            LOG.info("master adopted pid={}", entry.pid());
            happened(Kind.MASTER_ADOPTED, entry.pid(), "");
        }
    }

    /**
     * Takes the next step.
     *
     * @param workersLive whether there are workers that keep the listening sockets of the last master
     * @param heartbeat what it wrote to the region
     */
    void tick(long now, boolean wanted, boolean workersLive, long heartbeat) {
        process.ifPresent(member -> tend(member, now, wanted, heartbeat));
        if (wanted && process.isEmpty() && now - retryAtNanos >= 0) {
            launch(now, workersLive);
        }
    }

    private void launch(long now, boolean workersLive) {
        try {
            var member = Member.launched(0, 0, 0, launcher.master(listen, loops, /* adopts= */ workersLive), now);
            process = Optional.of(member);
            LOG.info("master started pid={} adopts={}", member.pid(), workersLive);
            happened(
                    Kind.MASTER_STARTED, member.pid(), workersLive ? "Workers keep its listening sockets for it." : "");
        } catch (IOException failure) {
            crashed(now, String.valueOf(failure.getMessage()));
        }
    }

    private void tend(Member member, long now, boolean wanted, long heartbeat) {
        if (!member.isAlive()) {
            process = Optional.empty();
            listening = List.of();
            if (wanted && member.isIn(SlotState.UP)) {
                LOG.error("master ended pid={}; another one starts why=\"{}\"", member.pid(), lastWords());
                happened(Kind.MASTER_CRASHED, member.pid(), "Last words: " + lastWords());
                retryAtNanos = now;
                resting = SlotState.VACANT;
            } else if (wanted) {
                crashed(now, lastWords());
            }
        } else if (member.isIn(SlotState.STARTING)) {
            askWhereItListens(member, now);
        } else {
            watch(member, now, heartbeat);
        }
    }

    private void askWhereItListens(Member member, long now) {
        try {
            var answer = LISTENING.matcher(control.ask("status"));
            var answered = answer.find() ? addresses(answer.group(1)) : List.<String>of();
            // One that takes over has none, or not all, until the workers have given it theirs.
            if (answered.size() == listen.size()) {
                listening = answered;
                // A port that the kernel chose stays when this master is replaced: clients know it by now.
                listen = listening;
                member.enter(SlotState.UP, now);
                backoff.reset();
                LOG.info("master up pid={} listening={}", member.pid(), listening);
                happened(Kind.MASTER_UP, member.pid(), "Listening on " + String.join(", ", listening) + ".");
            } else {
                killIfLate(member, now, "it listens on " + answered.size() + " of " + listen.size() + " addresses");
            }
        } catch (IOException notYet) {
            killIfLate(member, now, "it does not answer: " + notYet.getMessage());
        }
    }

    private void killIfLate(Member member, long now, String why) {
        if (member.nanosInState(now) > START_TIMEOUT.toNanos()) {
            kill(member, why);
        }
    }

    private static List<String> addresses(String joined) {
        return Stream.of(joined.split(",", -1))
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /** It listens there, too. @throws IOException if it says that it cannot */
    void open(String address) throws IOException {
        var answer = LISTENING.matcher(asked("listen " + address));
        if (answer.find()) {
            listening = Stream.concat(listening.stream(), Stream.of(answer.group(1)))
                    .toList();
            listen = listening;
        }
    }

    /** It listens there no longer; what waits there is still taken. @throws IOException if it says that it does not */
    void shut(String address) throws IOException {
        asked("unlisten " + address);
        listening = listening.stream().filter(other -> !other.equals(address)).toList();
        listen = listening;
    }

    private String asked(String command) throws IOException {
        var answer = control.ask(command);
        if (!answer.startsWith("ok")) {
            throw new IOException(answer.replaceFirst("^error: *", ""));
        }
        return answer;
    }

    private void watch(Member member, long now, long heartbeat) {
        member.heartbeats().observe(List.of(heartbeat), now);
        if (member.heartbeats().ageNanos(now) > HUNG_AFTER.toNanos()) {
            kill(member, "it did not turn for " + HUNG_AFTER.toSeconds() + " s");
        }
    }

    private void happened(Kind kind, long pid, String detail) {
        var event = Event.of(kind).pid(pid);
        journal.accept(detail.isEmpty() ? event : event.detail(detail));
    }

    private void kill(Member member, String why) {
        if (member.kill()) {
            happened(Kind.MASTER_HUNG, member.pid(), "It was killed: " + why + ".");
            LOG.error("master killed pid={} why=\"{}\"", member.pid(), why);
        }
    }

    private void crashed(long now, String why) {
        backoff.crashed(now, Duration.ZERO);
        resting = SlotState.BACKOFF;
        retryAtNanos = now + backoff.delay().toNanos();
        LOG.error("master did not start retry={}ms why=\"{}\"", backoff.delay().toMillis(), why);
        journal.accept(Event.of(Kind.MASTER_CRASHED).detail("It did not start: " + why));
    }

    /** The last line it wrote, without time and level: what it ended of. */
    String lastWords() {
        return launcher.masterLastWords();
    }

    /** Nobody looked for a while: its heartbeat ages anew. */
    void renewHeartbeat(long now) {
        process.ifPresent(member -> member.heartbeats().renew(now));
    }

    boolean isUp() {
        return process.filter(member -> member.isIn(SlotState.UP)).isPresent();
    }

    boolean isEmpty() {
        return process.filter(Member::isAlive).isEmpty();
    }

    boolean hasCrashed() {
        return resting == SlotState.BACKOFF;
    }

    void kill() {
        process.ifPresent(Member::kill);
    }

    /** Where it listens now, as bound; nowhere while it is not up. */
    List<String> listening() {
        return listening;
    }

    List<String> listen() {
        return listen;
    }

    MasterView view() {
        return new MasterView(
                process.map(Member::state).orElse(resting),
                process.map(Member::pid),
                process.map(Member::startedAt),
                listening);
    }

    Optional<FarmFile.Entry> entry() {
        return process.map(Member::entry);
    }
}
