package drover.admin.supervision;

import java.time.Instant;

/** A process of the farm that we look after, our own child or one taken over. Owned by the supervisor. */
final class Member {

    private final int seat;
    private final ProcessIdentity identity;
    private final Instant startedAt;
    private SlotState state;
    private long stateSinceNanos;

    Member(int seat, ProcessIdentity identity, Instant startedAt, SlotState state, long nanoTime) {
        this.seat = seat;
        this.identity = identity;
        this.startedAt = startedAt;
        this.state = state;
        this.stateSinceNanos = nanoTime;
    }

    static Member adopted(FarmFile.Entry entry, long nanoTime) {
        return new Member(
                entry.seat(), entry.identity(), Instant.ofEpochMilli(entry.startedAtMillis()), entry.state(), nanoTime);
    }

    void enter(SlotState next, long nanoTime) {
        state = next;
        stateSinceNanos = nanoTime;
    }

    boolean isIn(SlotState wanted) {
        return state == wanted;
    }

    boolean isAlive() {
        return identity.isAlive();
    }

    int seat() {
        return seat;
    }

    ProcessIdentity identity() {
        return identity;
    }

    Instant startedAt() {
        return startedAt;
    }

    SlotState state() {
        return state;
    }

    /** How long it has been in its state. */
    long nanosInState(long nanoTime) {
        return nanoTime - stateSinceNanos;
    }

    SlotView.WorkerProcess view() {
        return new SlotView.WorkerProcess(seat, state, identity.pid(), startedAt);
    }

    FarmFile.Entry entry() {
        return new FarmFile.Entry(seat, state, identity.pid(), identity.startTicks(), startedAt.toEpochMilli());
    }
}
