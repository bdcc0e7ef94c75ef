package drover.admin.supervision;

import drover.admin.supervision.CommandRefused.Reason;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's place, and the processes that fill it. What is wanted and what lives are separate; every {@link #tick}
 * compares them and takes the next step. Owned by the supervisor's thread.
 *
 * <pre>
 *            launch              ready                 restart: launch successor
 *   VACANT ─────────► STARTING ─────────► UP ───────────────────────────────────► STARTING
 *      ▲                 │  ▲              │                                         │ ready: drain predecessor
 *      │           died, │  │ time         │ died                                    ▼
 *      │           late  ▼  │              │                              UP ◄─── DRAINING
 *      │               BACKOFF ◄───────────┤                                 exited
 *      │                 │ five in a minute│
 *      │   restart       ▼                 │ drained unasked
 *      └────────────── FAILED              └──► VACANT
 *
 *   stop: from everywhere, by DRAINING, to STOPPED
 * </pre>
 */
final class Slot {

    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(15);
    /** What a worker may take beyond the time it was given to drain. */
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(2);

    private final int number;
    private final SlotActions actions;
    private final Duration drainTimeout;
    private final Backoff backoff = new Backoff();
    private final Map<RestartReason, Long> restarts = new EnumMap<>(RestartReason.class);

    private boolean wanted = true;
    private Optional<Member> serving = Optional.empty();
    private Optional<Member> successor = Optional.empty();
    private final List<Member> leaving = new ArrayList<>();
    /** The state while nothing lives here. */
    private SlotState resting = SlotState.VACANT;

    private long retryAtNanos;
    private String detail = "";
    private Optional<OperationProgress> operation = Optional.empty();

    Slot(int number, SlotActions actions, Duration drainTimeout) {
        this.number = number;
        this.actions = actions;
        this.drainTimeout = drainTimeout;
        for (var reason : RestartReason.values()) {
            restarts.put(reason, 0L);
        }
    }

    /** Takes over what lived here before admin was started. */
    void adopt(FarmFile.SlotEntry entry, long now) {
        for (var reason : RestartReason.values()) {
            restarts.put(reason, entry.restarts().getOrDefault(reason.label(), 0L));
        }
        for (var process : entry.processes()) {
            if (!process.isAlive() || !process.identity().commandNames("worker-engine")) {
                continue;
            }
            var member = Member.adopted(process, now);
            if (member.isIn(SlotState.DRAINING) || serving.isPresent()) {
                // A successor whose restart nobody remembers serves instead of its predecessor only if it came first.
                retire(member, now);
            } else {
                serving = Optional.of(member);
            }
            LOG.info("worker adopted slot={} pid={} state={}", number, process.pid(), member.state());
        }
    }

    // ---- the turn

    /** Takes the next step, if there is one. */
    void tick(long now, boolean masterUp) {
        tendLeaving(now);
        tendSuccessor(now);
        tendServing(now);
        if (wanted && masterUp && serving.isEmpty() && successor.isEmpty() && mayLaunch(now)) {
            freeSeat().ifPresent(seat -> serving = launch(seat, now));
        }
    }

    private boolean mayLaunch(long now) {
        return resting == SlotState.VACANT || (resting == SlotState.BACKOFF && now - retryAtNanos >= 0);
    }

    private Optional<Member> launch(int seat, long now) {
        try {
            var member = actions.launch(number, seat);
            detail = "";
            LOG.info(
                    "worker started slot={} seat={} pid={}",
                    number,
                    seat,
                    member.identity().pid());
            return Optional.of(member);
        } catch (IOException failure) {
            crashed(now, String.valueOf(failure.getMessage()));
            return Optional.empty();
        }
    }

    private void tendServing(long now) {
        if (serving.isEmpty()) {
            return;
        }
        var member = serving.get();
        var says = actions.says(number, member);
        if (says == SeatState.DRAINING || says == SeatState.LEFT) {
            drainedUnasked(member, now);
        } else if (!member.isAlive()) {
            serving = successor;
            successor = Optional.empty();
            if (serving.isEmpty()) {
                crashed(now, actions.lastWords(number));
            } else {
                countRestart(RestartReason.CRASH);
            }
        } else if (member.isIn(SlotState.STARTING)) {
            if (says == SeatState.READY) {
                member.enter(SlotState.UP, now);
                LOG.info("worker up slot={} pid={}", number, member.identity().pid());
                if (leaving.isEmpty()) {
                    finishOperation();
                }
            } else {
                killIfLate(member, now);
            }
        }
    }

    private void drainedUnasked(Member member, long now) {
        retire(member, now);
        serving = successor;
        successor = Optional.empty();
        resting = SlotState.VACANT;
        countRestart(RestartReason.DRAINED);
        LOG.warn(
                "worker drained unasked slot={} pid={}",
                number,
                member.identity().pid());
    }

    private void tendSuccessor(long now) {
        if (successor.isEmpty()) {
            return;
        }
        var member = successor.get();
        if (!member.isAlive()) {
            successor = Optional.empty();
            failOperation("the new process ended before it was ready: " + actions.lastWords(number));
        } else if (actions.says(number, member) == SeatState.READY) {
            succeed(member, now);
        } else {
            killIfLate(member, now);
        }
    }

    /** From here on the successor serves, and the predecessor gets nothing more. */
    private void succeed(Member member, long now) {
        member.enter(SlotState.UP, now);
        successor = Optional.empty();
        var predecessor = serving;
        serving = Optional.of(member);
        countRestart(RestartReason.OPERATOR);
        LOG.info("worker up slot={} pid={}", number, member.identity().pid());
        predecessor.ifPresent(old -> {
            retire(old, now);
            drain(old);
        });
        if (leaving.isEmpty()) {
            finishOperation();
        }
    }

    private void drain(Member old) {
        operation.ifPresent(running -> running.says("process " + old.identity().pid() + " drains"));
        try {
            actions.drain(number, old.seat());
        } catch (IOException masterGone) {
            // Without its master a worker drains by itself; if it hangs, it is killed when its time is over.
            LOG.warn("drain not sent slot={} why=\"{}\"", number, masterGone.getMessage());
        }
    }

    private void retire(Member member, long now) {
        if (!member.isIn(SlotState.DRAINING)) {
            member.enter(SlotState.DRAINING, now);
        }
        leaving.add(member);
    }

    private void tendLeaving(long now) {
        for (var member : List.copyOf(leaving)) {
            if (!member.isAlive()) {
                leaving.remove(member);
                LOG.info("worker left slot={} pid={}", number, member.identity().pid());
                if (leaving.isEmpty()
                        && successor.isEmpty()
                        && serving.filter(m -> m.isIn(SlotState.UP)).isPresent()) {
                    finishOperation();
                }
            } else if (member.nanosInState(now) > drainTimeout.plus(DRAIN_GRACE).toNanos()) {
                LOG.warn(
                        "worker killed slot={} pid={} why=\"it did not drain in time\"",
                        number,
                        member.identity().pid());
                member.identity().kill();
            }
        }
    }

    private void killIfLate(Member member, long now) {
        if (member.nanosInState(now) > START_TIMEOUT.toNanos()) {
            LOG.warn(
                    "worker killed slot={} pid={} why=\"it was not ready in time\"",
                    number,
                    member.identity().pid());
            member.identity().kill();
        }
    }

    private void crashed(long now, String why) {
        serving = Optional.empty();
        backoff.crashed(now);
        countRestart(RestartReason.CRASH);
        if (backoff.exhausted()) {
            resting = SlotState.FAILED;
            detail = "Five crashes within a minute; restart it when the cause is mended. Last words: " + why;
            LOG.error("worker failed slot={} why=\"{}\"", number, why);
        } else {
            resting = SlotState.BACKOFF;
            retryAtNanos = now + backoff.delay().toNanos();
            detail = "It ended unexpectedly and is started again. Last words: " + why;
            LOG.warn(
                    "worker crashed slot={} retry={}ms why=\"{}\"",
                    number,
                    backoff.delay().toMillis(),
                    why);
        }
        failOperation("the process ended before it was ready: " + why);
    }

    // ---- commands

    /** Begins a restart, or starts again what has failed or was stopped. */
    void restart(OperationProgress progress, long now, boolean masterUp) {
        if (operation.isPresent() || !leaving.isEmpty()) {
            throw new CommandRefused(Reason.BUSY, "Worker " + number + " is being restarted already.");
        }
        if (!masterUp) {
            throw new CommandRefused(Reason.BUSY, "The master is not up; wait until it is.");
        }
        if (serving.filter(member -> member.isIn(SlotState.STARTING)).isPresent()) {
            throw new CommandRefused(Reason.BUSY, "Worker " + number + " is just starting.");
        }
        operation = Optional.of(progress);
        progress.says("a new process starts");
        if (serving.isPresent()) {
            freeSeat().ifPresent(seat -> successor = launch(seat, now));
        } else {
            wanted = true;
            backoff.reset();
            resting = SlotState.VACANT;
        }
    }

    /** Wants nothing here any more; the master sees to the drain. */
    void stop(long now) {
        wanted = false;
        resting = SlotState.STOPPED;
        Stream.of(serving, successor).flatMap(Optional::stream).forEach(member -> {
            boolean neverServed = member.isIn(SlotState.STARTING);
            retire(member, now);
            if (neverServed) {
                member.identity().terminate();
            }
        });
        serving = Optional.empty();
        successor = Optional.empty();
        failOperation("Drover is stopping");
    }

    void terminate() {
        leaving.forEach(member -> member.identity().terminate());
    }

    void kill() {
        leaving.stream().filter(Member::isAlive).forEach(member -> {
            LOG.warn(
                    "worker killed slot={} pid={} why=\"Drover is stopping\"",
                    number,
                    member.identity().pid());
            member.identity().kill();
        });
    }

    private void countRestart(RestartReason reason) {
        restarts.merge(reason, 1L, Long::sum);
    }

    private void finishOperation() {
        operation.ifPresent(running -> running.done("worker " + number + " is up"));
        operation = Optional.empty();
    }

    private void failOperation(String why) {
        operation.ifPresent(running -> running.failed(why));
        operation = Optional.empty();
    }

    private Optional<Integer> freeSeat() {
        var taken = processes().map(Member::seat).toList();
        return Stream.iterate(0, seat -> seat < RegionLayout.SEATS, seat -> seat + 1)
                .filter(seat -> !taken.contains(seat))
                .findFirst();
    }

    // ---- what others see

    private Stream<Member> processes() {
        return Stream.concat(Stream.of(serving, successor).flatMap(Optional::stream), leaving.stream());
    }

    boolean isEmpty() {
        return processes().noneMatch(Member::isAlive);
    }

    boolean isUp() {
        return serving.filter(member -> member.isIn(SlotState.UP)).isPresent();
    }

    SlotView view() {
        var byReason = new TreeMap<String, Long>();
        restarts.forEach((reason, count) -> byReason.put(reason.label(), count));
        return new SlotView(number, state(), processes().map(Member::view).toList(), byReason, detail);
    }

    private SlotState state() {
        if (successor.isPresent()) {
            return SlotState.STARTING;
        }
        if (!leaving.isEmpty() && (operation.isPresent() || serving.isEmpty())) {
            return SlotState.DRAINING;
        }
        return serving.map(Member::state).orElse(resting);
    }

    FarmFile.SlotEntry entry() {
        return new FarmFile.SlotEntry(number, processes().map(Member::entry).toList(), view().restarts());
    }
}
