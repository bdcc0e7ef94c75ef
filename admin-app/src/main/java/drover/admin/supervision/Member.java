package drover.admin.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process of the farm that we look after, our own child or one taken over. Owned by the supervisor; times are its. */
final class Member {

    private static final Duration REAPED_WITHIN = Duration.ofMillis(200);
    /** The exit code of a JVM that was told to end by SIGTERM. */
    private static final int TERMINATED = 143;

    private final int seat;
    private final ProcessIdentity identity;
    private final int edition;
    private final int generation;
    private final Instant startedAt;
    /** Empty for one that was adopted: only a parent learns how its child ended. */
    private final Optional<Process> child;

    private final Heartbeats heartbeats = new Heartbeats();

    private SlotState state;
    private long stateSinceNanos;
    private long leaveByNanos;
    private Optional<Long> toldToDrainNanos = Optional.empty();
    private boolean drains;

    private Optional<RestartReason> cause = Optional.empty();
    private boolean condemned;
    private Optional<Long> askedNanos = Optional.empty();
    private boolean killed;
    private Optional<String> report = Optional.empty();

    private Member(
            int seat,
            ProcessIdentity identity,
            int edition,
            int generation,
            Instant startedAt,
            Optional<Process> child,
            SlotState state,
            long now) {
        this.seat = seat;
        this.identity = identity;
        this.edition = edition;
        this.generation = generation;
        this.startedAt = startedAt;
        this.child = child;
        this.state = state;
        this.stateSinceNanos = now;
    }

    static Member launched(int seat, int edition, int generation, Launcher.Started started, long now) {
        return new Member(
                seat,
                started.identity(),
                edition,
                generation,
                Instant.now(),
                Optional.of(started.child()),
                SlotState.STARTING,
                now);
    }

    static Member adopted(FarmFile.Entry entry, SlotState state, long now) {
        return new Member(
                entry.seat(),
                entry.identity(),
                entry.edition(),
                entry.generation(),
                Instant.ofEpochMilli(entry.startedAtMillis()),
                Optional.empty(),
                state,
                now);
    }

    // ---- its state

    void enter(SlotState next, long now) {
        state = next;
        stateSinceNanos = now;
    }

    boolean isIn(SlotState wanted) {
        return state == wanted;
    }

    SlotState state() {
        return state;
    }

    /** How long it has been in its state. */
    long nanosInState(long now) {
        return now - stateSinceNanos;
    }

    /** How long it has been up; nothing if it is not. */
    Duration served(long now) {
        return isIn(SlotState.UP) ? Duration.ofNanos(nanosInState(now)) : Duration.ZERO;
    }

    boolean isAlive() {
        return identity.isAlive();
    }

    /** How it ended, if that can be known. */
    Optional<Integer> exitCode() {
        try {
            // Seen dead by its pid, it is about to be reaped.
            return child.isPresent() && child.get().waitFor(REAPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(child.get().exitValue())
                    : Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    // ---- on its way out

    /** Drains from now on, or if it does so already, by an earlier time than before. */
    void leaveBy(long nanos, long now) {
        leaveByNanos = isIn(SlotState.DRAINING) ? Math.min(leaveByNanos, nanos) : nanos;
        if (!isIn(SlotState.DRAINING)) {
            enter(SlotState.DRAINING, now);
        }
    }

    boolean isLate(long now) {
        return now - leaveByNanos >= 0;
    }

    /** Whether it is time to tell it to drain, for the first time or because nothing came of it. */
    boolean mayBeTold(long now, Duration pause) {
        return !drains
                && toldToDrainNanos.filter(told -> now - told < pause.toNanos()).isEmpty();
    }

    void told(long now) {
        toldToDrainNanos = Optional.of(now);
    }

    void drains() {
        drains = true;
    }

    /** We are about to end it, so that its death is nobody's surprise. */
    void condemn(RestartReason reason) {
        cause = Optional.of(reason);
        condemned = true;
    }

    /** It was told to say what its threads do. */
    void asked(long now) {
        askedNanos = Optional.of(now);
    }

    /** It turns again: it need not be killed, only replaced. */
    void reprieve() {
        condemned = false;
        askedNanos = Optional.empty();
    }

    /** It stays: unless it is condemned, there is no cause for its end any more, and no report of it. */
    void forgive() {
        cause = cause.filter(_ -> isCondemned());
        report = report.filter(_ -> isCondemned());
    }

    boolean isCondemned() {
        return condemned;
    }

    boolean isAsked() {
        return askedNanos.isPresent();
    }

    long nanosAsked(long now) {
        return askedNanos.map(since -> now - since).orElse(0L);
    }

    /** Why we end it or have it replaced, if we do. */
    Optional<RestartReason> cause() {
        return cause;
    }

    boolean isHung() {
        return isCondemned() && cause.filter(RestartReason.HANG::equals).isPresent();
    }

    /** The crash report that was begun of it, if one was. */
    Optional<String> report() {
        return report;
    }

    void reportedAs(String id) {
        report = Optional.of(id);
    }

    /** Whether it ended on its own account, and not in good order. */
    boolean failed() {
        return !killed
                && exitCode().filter(code -> code != 0 && code != TERMINATED).isPresent();
    }

    /** SIGKILL, once; false if it had that already. */
    boolean kill() {
        boolean first = !killed;
        if (first) {
            identity.kill();
        }
        killed = true;
        return first;
    }

    // ---- who it is

    int seat() {
        return seat;
    }

    ProcessIdentity identity() {
        return identity;
    }

    long pid() {
        return identity.pid();
    }

    /** Which of its slot's processes it is, see {@link Slot}. */
    int edition() {
        return edition;
    }

    /** Of the release it was started from; 0 for a master. */
    int generation() {
        return generation;
    }

    Instant startedAt() {
        return startedAt;
    }

    SlotView.WorkerProcess view() {
        return new SlotView.WorkerProcess(seat, state, generation, identity.pid(), startedAt, isHung());
    }

    FarmFile.Entry entry() {
        return new FarmFile.Entry(
                seat, state, edition, generation, identity.pid(), identity.startTicks(), startedAt.toEpochMilli());
    }
}
