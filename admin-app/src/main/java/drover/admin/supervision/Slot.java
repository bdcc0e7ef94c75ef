package drover.admin.supervision;

import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.supervision.CommandRefused.Reason;
import drover.engine.stats.RegionReader.SeatReading;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's place. What is wanted here is one thing, what lives here another; each {@link #reconcile} sees what has
 * happened, and then takes the next step from one to the other. {@link SlotLife} has the states. Owned by the supervisor.
 *
 * <p>Each process has an edition, a number that grows with every restart that is asked for: a process whose edition is below
 * the wanted one is succeeded, by surge, that is, it serves until its successor is ready. A restart is therefore nothing
 * that has to be remembered beyond one number.
 */
final class Slot {

    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    /** A loop turns at least five times a second, however idle it is. */
    private static final Duration HUNG_AFTER = Duration.ofSeconds(3);
    /** What a JVM may take to write what its threads do. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    /** What a worker may take beyond the time it was given to drain. */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(2);
    /** What it may take if it is to stop and not to drain. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private static final Duration REMIND_AFTER = Duration.ofSeconds(1);

    private final int number;
    private final SlotActions actions;
    private final Backoff backoff = new Backoff();
    private final Map<RestartReason, Long> restarts = new EnumMap<>(RestartReason.class);
    private final Occupants processes = new Occupants();

    private Wanted wanted = Wanted.UP;
    private int wantedEdition;
    private Release release;
    /** What processes of this release and of the one before may take to drain, whichever is longer. */
    private Duration drainLimit;

    private SlotState state = SlotState.VACANT;
    private long retryAtNanos;
    private String detail = "";
    /** What the last process ended of, until another one is up or wanted. */
    private Optional<RestartReason> lastEnd = Optional.empty();
    /** Why the last command came to nothing, as far as is known. */
    private Optional<String> mishap = Optional.empty();

    Slot(int number, SlotActions actions, Release release) {
        this.number = number;
        this.actions = actions;
        this.release = release;
        this.drainLimit = release.drainTimeout().plus(DRAIN_GRACE);
        for (var reason : RestartReason.values()) {
            restarts.put(reason, 0L);
        }
    }

    // ---- taking over

    /** Takes over what lived here before admin was started. */
    void adopt(FarmFile.SlotEntry entry, long now) {
        for (var reason : RestartReason.values()) {
            restarts.put(reason, entry.restarts().getOrDefault(reason.label(), 0L));
        }
        wanted = entry.wanted();
        wantedEdition = entry.wantedEdition();
        detail = entry.detail();
        entry.processes().forEach(process -> adopt(process, now));
        state = adoptedState(entry.state());
    }

    private void adopt(FarmFile.Entry process, long now) {
        if (!process.isAlive() || !process.identity().commandNames("worker-engine")) {
            LOG.info("worker gone while admin was away slot={} pid={}", number, process.pid());
            if (process.state() == SlotState.UP) {
                countRestart(RestartReason.CRASH);
                var gone = Member.adopted(process, SlotState.UP, now);
                actions.report(number, gone, RestartReason.CRASH);
                actions.happened(about(Kind.WORKER_CRASHED, process.pid())
                        .crash(gone.report())
                        .cause(RestartReason.CRASH.label())
                        .detail("It ended while admin was away."));
            }
            return;
        }
        boolean served = process.state() == SlotState.UP && processes.serving().isEmpty();
        boolean starts =
                process.state() == SlotState.STARTING && processes.starting().isEmpty();
        var member = Member.adopted(process, served || starts ? process.state() : SlotState.UP, now);
        if (served || starts) {
            processes.begin(member);
        } else {
            retire(member, now + drainLimit.toNanos(), RestartReason.OPERATOR.label(), now);
        }
        if (served) {
            processes.promote();
        }
        LOG.info("worker adopted slot={} pid={} state={}", number, process.pid(), member.state());
        actions.happened(about(Kind.WORKER_ADOPTED, process.pid()));
    }

    private Event about(Kind kind, long pid) {
        return Event.of(kind).slot(number).pid(pid);
    }

    private SlotState adoptedState(SlotState resting) {
        if (processes.starting().isPresent()) {
            return SlotState.STARTING;
        }
        if (!processes.leaving().isEmpty()) {
            return SlotState.DRAINING;
        }
        if (processes.serving().isPresent()) {
            return SlotState.UP;
        }
        return resting == SlotState.FAILED || resting == SlotState.STOPPED ? resting : SlotState.VACANT;
    }

    // ---- the turn

    /** Sees what has happened and takes the next step, if there is one; {@code now} is attended time. */
    void reconcile(long now, boolean masterUp) {
        processes.leaving().forEach(member -> tendLeaving(member, now));
        processes.serving().ifPresent(member -> tendServing(member, now));
        processes.starting().ifPresent(member -> tendStarting(member, now));
        switch (wanted) {
            case UP -> fill(now, masterUp);
            case STOPPED, GONE -> clear(now);
        }
    }

    private void fire(SlotEvent event) {
        var next = SlotLife.after(state, event);
        LOG.debug("slot event slot={} state={} event={} next={}", number, state, event, next);
        state = next.orElse(state);
    }

    private void tendLeaving(Member member, long now) {
        if (!member.isAlive()) {
            processes.remove(member);
            left(member);
            if (processes.leaving().isEmpty()) {
                fire(processes.isEmpty() ? SlotEvent.EMPTIED : SlotEvent.LEFT);
            }
        } else if (member.isLate(now)) {
            kill(member, "it did not drain in time");
        } else {
            tellToDrain(member, now);
        }
    }

    /** One that drained is gone: in good order, or as nobody wished. */
    private void left(Member member) {
        boolean failed = member.failed();
        var reason = failed ? reason(member) : RestartReason.OPERATOR;
        LOG.info("worker left slot={} pid={} failed={}", number, member.pid(), failed);
        if (failed || member.report().isPresent()) {
            actions.report(number, member, reason);
        }
        var event = about(failed ? Kind.WORKER_CRASHED : Kind.WORKER_LEFT, member.pid())
                .crash(member.report());
        actions.happened(
                failed
                        ? event.cause(reason.label())
                                .detail("It was draining. Last words: " + actions.lastWords(number))
                        : event);
    }

    private RestartReason reason(Member member) {
        return member.cause().orElseGet(() -> actions.endedBy(number, member));
    }

    /** Tells it again and again: the master may be away, or may not have known its lanes yet. */
    private void tellToDrain(Member member, long now) {
        if (!member.mayBeTold(now, REMIND_AFTER)) {
            return;
        }
        var says = says(member);
        if (says == SeatState.DRAINING || says == SeatState.LEFT) {
            member.drains();
            return;
        }
        member.told(now);
        try {
            actions.drain(number, member.seat());
        } catch (IOException unheard) {
            LOG.warn("drain not sent slot={} pid={} why=\"{}\"", number, member.pid(), unheard.getMessage());
        }
    }

    private void tendServing(Member member, long now) {
        var reading = actions.reading(number, member);
        var says = reading.map(SeatReading::state).orElse(SeatState.EMPTY);
        if (says == SeatState.DRAINING || says == SeatState.LEFT) {
            LOG.warn("worker drained unasked slot={} pid={}", number, member.pid());
            countRestart(RestartReason.OPERATOR);
            retire(member, now + drainLimit.toNanos(), "unasked", now);
        } else if (!member.isAlive()) {
            ended(member, now);
        } else {
            reading.ifPresent(seat -> watch(member, seat, now));
        }
    }

    /** The hang ladder: found hung and succeeded, asked for its threads, a second later killed, unless it turns again. */
    private void watch(Member member, SeatReading seat, long now) {
        member.heartbeats().observe(seat.heartbeatNanos(), now);
        if (member.heartbeats().ageNanos(now) <= HUNG_AFTER.toNanos()) {
            if (member.isHung()) {
                LOG.warn("worker turns again slot={} pid={}; it is drained instead of killed", number, member.pid());
                member.reprieve();
            }
        } else {
            boolean found = !member.isCondemned();
            end(member, RestartReason.HANG, "an event loop did not turn for 3 s", now);
            if (found) {
                actions.happened(about(Kind.WORKER_HUNG, member.pid())
                        .crash(member.report())
                        .cause(RestartReason.HANG.label())
                        .detail("An event loop did not turn for " + HUNG_AFTER.toSeconds() + " s."));
                backoff.crashed(now, member.served(now));
                wantedEdition = Math.max(wantedEdition, member.edition() + 1);
                detail = "Process " + member.pid() + " hung: an event loop did not turn for " + HUNG_AFTER.toSeconds()
                        + " seconds. It is replaced.";
            }
        }
    }

    /** A last chance to say what it does, then its end; asked a turn later, so that its successor starts before it speaks. */
    private void end(Member member, RestartReason reason, String why, long now) {
        if (!member.isCondemned()) {
            LOG.warn("worker condemned slot={} pid={} why=\"{}\"", number, member.pid(), why);
            member.condemn(reason);
            actions.report(number, member, reason);
        } else if (!member.isAsked()) {
            LOG.warn("worker asked for its threads slot={} pid={}", number, member.pid());
            member.asked(now);
            actions.askForThreads(number, member);
        } else if (member.nanosAsked(now) >= LAST_WORDS.toNanos()) {
            actions.killForGood(number, member, why, now);
        }
    }

    private void tendStarting(Member member, long now) {
        if (!member.isAlive()) {
            ended(member, now);
        } else if (says(member) == SeatState.READY) {
            succeed(member, now);
        } else if (member.nanosInState(now) > START_TIMEOUT.toNanos()) {
            end(member, RestartReason.CRASH, "it was not ready within " + START_TIMEOUT.toSeconds() + " s", now);
        }
    }

    /** From here on it serves, and its predecessor, if there is one, gets nothing more. */
    private void succeed(Member member, long now) {
        LOG.info("worker up slot={} pid={}", number, member.pid());
        actions.happened(about(Kind.WORKER_UP, member.pid()));
        member.enter(SlotState.UP, now);
        lastEnd = Optional.empty();
        detail = "";
        processes.promote().ifPresent(predecessor -> {
            var cause = predecessor.cause().orElse(RestartReason.OPERATOR);
            countRestart(cause);
            predecessor.leaveBy(now + drainLimit.toNanos(), now);
            processes.leave(predecessor);
            actions.happened(about(Kind.WORKER_DRAINS, predecessor.pid())
                    .cause(cause.label())
                    .detail("Its successor serves, process " + member.pid() + "."));
            tellToDrain(predecessor, now);
        });
        fire(processes.leaving().isEmpty() ? SlotEvent.READY : SlotEvent.RELIEVED);
    }

    private void retire(Member member, long leaveBy, String cause, long now) {
        member.leaveBy(leaveBy, now);
        processes.leave(member);
        if (processes.starting().isEmpty() && processes.serving().isEmpty()) {
            fire(SlotEvent.DRAINS);
        }
        actions.happened(about(Kind.WORKER_DRAINS, member.pid()).cause(cause));
        tellToDrain(member, now);
    }

    /** What served or was to serve is dead. */
    private void ended(Member member, long now) {
        var reason = reason(member);
        lastEnd = Optional.of(reason);
        processes.remove(member);
        LOG.warn("worker ended slot={} pid={} reason={}", number, member.pid(), reason.label());
        if (reason != RestartReason.OPERATOR) {
            actions.report(number, member, reason);
        }
        if (member.cause().isEmpty()) { // whose end had a cause, of that there was an event
            actions.happened(about(Kind.WORKER_CRASHED, member.pid())
                    .crash(member.report())
                    .cause(reason.label())
                    .detail("Last words: " + actions.lastWords(number)));
        }
        if (processes.serving().isPresent()) {
            fellBack("the process ended before it was ready: " + actions.lastWords(number));
            return;
        }
        countRestart(reason);
        if (processes.starting().isPresent()) {
            return; // its successor is on its way
        }
        if (reason == RestartReason.OPERATOR) {
            fire(SlotEvent.EMPTIED);
        } else {
            crashed(reason, member.served(now), now, actions.lastWords(number));
        }
    }

    /** The successor came to nothing: whoever serves is wanted again. If it hangs, its own end is near, with a back-off. */
    private void fellBack(String why) {
        mishap = Optional.of(why);
        processes.serving().ifPresent(member -> {
            member.forgive();
            wantedEdition = member.edition();
            detail = member.isCondemned() ? detail : "";
        });
        fire(SlotEvent.FELL_BACK);
    }

    private void crashed(RestartReason reason, Duration served, long now, String why) {
        if (reason != RestartReason.HANG) {
            backoff.crashed(now, served); // a hang was noted when it was found
        }
        mishap = Optional.of("the process ended before it was ready: " + why);
        if (backoff.exhausted()) {
            detail = "Five crashes within a minute; restart it when the cause is mended. Last words: " + why;
            LOG.error("worker failed slot={} why=\"{}\"", number, why);
            actions.happened(Event.of(Kind.WORKER_FAILED).slot(number).detail(detail));
            fire(SlotEvent.GAVE_UP);
        } else {
            retryAtNanos = now + backoff.delay().toNanos();
            detail = "It ended unexpectedly and is started again. Last words: " + why;
            LOG.warn(
                    "worker crashed slot={} retry={}ms why=\"{}\"",
                    number,
                    backoff.delay().toMillis(),
                    why);
            fire(SlotEvent.CRASHED);
        }
    }

    // ---- from what lives to what is wanted

    private void fill(long now, boolean masterUp) {
        if (state == SlotState.STOPPED || (state == SlotState.BACKOFF && now - retryAtNanos >= 0)) {
            fire(SlotEvent.REVIVED);
        }
        boolean resting = state == SlotState.BACKOFF || state == SlotState.FAILED;
        boolean fresh = processes
                .serving()
                .filter(member -> member.edition() >= wantedEdition || (member.isHung() && backoff.exhausted()))
                .isPresent();
        if (masterUp && !resting && !fresh && processes.starting().isEmpty()) {
            processes.freeSeat().ifPresent(seat -> launch(seat, now));
        }
    }

    private void launch(int seat, long now) {
        try {
            var member = Member.launched(
                    seat, wantedEdition, release.generation(), actions.launch(number, seat, release), now);
            LOG.info("worker started slot={} seat={} pid={}", number, seat, member.pid());
            actions.happened(about(Kind.WORKER_STARTED, member.pid()).cause(startCause()));
            processes.begin(member);
            fire(SlotEvent.LAUNCHED);
        } catch (IOException failure) {
            actions.happened(Event.of(Kind.WORKER_CRASHED)
                    .slot(number)
                    .cause(RestartReason.CRASH.label())
                    .detail("No process could be started: " + failure.getMessage()));
            if (processes.serving().isPresent()) {
                fellBack("no process could be started: " + failure.getMessage());
            } else {
                crashed(RestartReason.CRASH, Duration.ZERO, now, String.valueOf(failure.getMessage()));
            }
        }
    }

    /** Why a process is started: for whoever serves there, or after whoever has ended, or because one is wanted. */
    private String startCause() {
        return processes
                .serving()
                .map(member -> member.cause().orElse(RestartReason.OPERATOR))
                .or(() -> lastEnd)
                .map(RestartReason::label)
                .orElse("start");
    }

    private void clear(long now) {
        leave(drainLimit, now);
        if (processes.isEmpty()) {
            detail = "";
            fire(SlotEvent.SHUT);
        }
    }

    private void leave(Duration limit, long now) {
        processes.starting().ifPresent(member -> {
            member.drains();
            member.identity().terminate(); // it has no lane yet over which it could be told
        });
        processes.all().toList().forEach(member -> {
            if (!member.isIn(SlotState.DRAINING)) {
                retire(member, now + limit.toNanos(), wanted == Wanted.GONE ? "scale" : "stop", now);
            }
        });
    }

    private void kill(Member member, String why) {
        if (member.kill()) {
            LOG.warn("worker killed slot={} pid={} why=\"{}\"", number, member.pid(), why);
            actions.happened(about(Kind.WORKER_KILLED, member.pid())
                    .crash(member.report())
                    .cause(member.cause().map(RestartReason::label).orElse("late"))
                    .detail(why));
        }
    }

    // ---- commands

    /** A successor is wanted for whatever serves; or a process at all, where there is none. */
    void restart() {
        if (wanted == Wanted.UP && !isSettled() && processes.serving().isPresent()) {
            throw new CommandRefused(Reason.BUSY, "Worker " + number + " is being restarted already.");
        }
        if (wanted == Wanted.UP && state == SlotState.STARTING) {
            throw new CommandRefused(Reason.BUSY, "Worker " + number + " is just starting.");
        }
        start();
        wantedEdition++;
    }

    /** A process is wanted; what has failed is tried again. */
    void start() {
        wanted = Wanted.UP;
        mishap = Optional.empty();
        if (processes.starting().isEmpty() && processes.serving().isEmpty()) {
            backoff.reset();
            lastEnd = Optional.empty();
            detail = "";
            fire(SlotEvent.REVIVED);
        }
    }

    /** No process is wanted; what is there finishes within the time for draining. */
    void drain(long now) {
        leaveFor(Wanted.STOPPED, now);
    }

    private void leaveFor(Wanted next, long now) {
        wanted = next;
        mishap = Optional.empty();
        leave(drainLimit, now);
    }

    /** No process is wanted; what is there has two seconds. */
    void stop(long now) {
        drain(now);
        processes.leaving().forEach(member -> member.leaveBy(now + STOP_LIMIT.toNanos(), now));
    }

    /** No process is wanted, and no slot. */
    void dismiss(long now) {
        leaveFor(Wanted.GONE, now);
    }

    /** Every process here ends at once; if one is wanted, another one follows. */
    void kill(long now) {
        if (processes.isEmpty()) {
            throw new CommandRefused(Reason.BUSY, "Worker " + number + " has no process that could be killed.");
        }
        mishap = Optional.empty();
        wantedEdition++;
        processes.all().forEach(member -> {
            member.condemn(RestartReason.OPERATOR);
            kill(member, "an operator asked for it");
        });
    }

    /** Processes started from now on are started from this. */
    void use(Release next) {
        if (!next.equals(release)) {
            var longer = next.drainTimeout().compareTo(release.drainTimeout()) > 0 ? next : release;
            drainLimit = longer.drainTimeout().plus(DRAIN_GRACE);
            release = next;
        }
    }

    /** Nobody looked for a while: heartbeats age anew. */
    void renewHeartbeats(long now) {
        processes.all().forEach(member -> member.heartbeats().renew(now));
    }

    // ---- the end of the farm

    /** The master sees to the drain. */
    void leaveWithMaster(long now) {
        wanted = Wanted.STOPPED;
        processes.all().forEach(Member::drains);
        leave(drainLimit, now);
    }

    void terminate() {
        processes.all().forEach(member -> member.identity().terminate());
    }

    void killRest() {
        processes.all().filter(Member::isAlive).forEach(member -> kill(member, "Drover is stopping"));
    }

    // ---- what others see

    int number() {
        return number;
    }

    Wanted wanted() {
        return wanted;
    }

    SlotState state() {
        return state;
    }

    boolean isEmpty() {
        return processes.isEmpty();
    }

    /** The generation of what serves or is about to, if something does. */
    Optional<Integer> generation() {
        return processes.starting().or(processes::serving).map(Member::generation);
    }

    boolean isHung() {
        return processes.all().anyMatch(Member::isHung);
    }

    /** Whether what lives here is what is wanted. */
    boolean isSettled() {
        return switch (wanted) {
            case STOPPED, GONE -> processes.isEmpty();
            case UP ->
                state == SlotState.UP
                        && processes
                                .serving()
                                .filter(member -> member.edition() >= wantedEdition && !member.isCondemned())
                                .isPresent();
        };
    }

    /** Why the last command came to nothing, if it did. */
    Optional<String> mishap() {
        return mishap;
    }

    /** What goes on, for people. */
    String doing() {
        if (processes.starting().isPresent()) {
            return "a new process starts";
        }
        return processes.leaving().stream()
                .findFirst()
                .map(member -> "process " + member.pid() + " drains")
                .orElse("a new process is about to be started");
    }

    private SeatState says(Member member) {
        return actions.reading(number, member).map(SeatReading::state).orElse(SeatState.EMPTY);
    }

    private void countRestart(RestartReason reason) {
        restarts.merge(reason, 1L, Long::sum);
    }

    private Map<String, Long> restartsByLabel() {
        var byLabel = new TreeMap<String, Long>();
        restarts.forEach((reason, count) -> byLabel.put(reason.label(), count));
        return byLabel;
    }

    SlotView view() {
        return new SlotView(
                number, wanted, state, processes.all().map(Member::view).toList(), restartsByLabel(), detail);
    }

    FarmFile.SlotEntry entry() {
        return new FarmFile.SlotEntry(
                number,
                wanted,
                wantedEdition,
                state,
                detail,
                processes.all().map(Member::entry).toList(),
                restartsByLabel());
    }
}
