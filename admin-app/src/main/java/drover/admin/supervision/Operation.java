package drover.admin.supervision;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A command under way or done. It is all that has to be remembered of the command, so that the next admin can go on with it.
 *
 * @param slot the one it is about; for a rolling restart or a rollout the one whose turn it is
 * @param waiting slots whose turn in it is still to come
 * @param resize how many workers there were and are to be, if that is what it changes
 * @param rollout of which generations, if it is one
 * @param progress how many workers are done of how many
 * @param detail what it is doing or why it failed, a sentence for people
 */
public record Operation(
        String id,
        Action action,
        Optional<Integer> slot,
        List<Integer> waiting,
        Optional<Resize> resize,
        Optional<Rollout> rollout,
        Progress progress,
        String actor,
        State state,
        String detail,
        Instant startedAt,
        Optional<Instant> finishedAt) {

    /** What is done. */
    public enum Action {
        RESTART,
        START,
        STOP,
        DRAIN,
        KILL,
        ROLLING_RESTART,
        SCALE,
        REBALANCE,
        /** Another configuration. */
        RELOAD,
        /** Another worker. */
        UPGRADE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How far it has come. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        /** Somebody, or another command, put an end to it before it was done. */
        ABORTED
    }

    /** Workers that are done, of how many. */
    public record Progress(int done, int total) {}

    /** The number of workers before and after. */
    public record Resize(int from, int to) {}

    @JsonIgnore
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    Operation says(String now) {
        return with(slot, waiting, progress, state, now, finishedAt);
    }

    Operation counts(int done, int total) {
        return with(slot, waiting, new Progress(done, total), state, detail, finishedAt);
    }

    /** The next slot has its turn. */
    Operation next() {
        return with(
                Optional.of(waiting.getFirst()),
                waiting.subList(1, waiting.size()),
                progress,
                state,
                detail,
                finishedAt);
    }

    /** The slot whose turn it was is done. */
    Operation oneDone() {
        return with(
                Optional.empty(),
                waiting,
                new Progress(progress.done() + 1, progress.total()),
                state,
                detail,
                finishedAt);
    }

    /** These slots are still to come, and none has its turn. */
    Operation waits(List<Integer> slots) {
        return with(Optional.empty(), slots, new Progress(0, slots.size()), state, detail, finishedAt);
    }

    Operation ends(State end, String why, Instant at) {
        return with(slot, waiting, progress, end, why, Optional.of(at));
    }

    Operation with(Rollout changed) {
        return new Operation(
                id,
                action,
                slot,
                waiting,
                resize,
                Optional.of(changed),
                progress,
                actor,
                state,
                detail,
                startedAt,
                finishedAt);
    }

    Operation with(Resize changed) {
        return new Operation(
                id,
                action,
                slot,
                waiting,
                Optional.of(changed),
                rollout,
                progress,
                actor,
                state,
                detail,
                startedAt,
                finishedAt);
    }

    private Operation with(
            Optional<Integer> itsSlot,
            List<Integer> stillToCome,
            Progress itsProgress,
            State itsState,
            String itsDetail,
            Optional<Instant> itsEnd) {
        return new Operation(
                id,
                action,
                itsSlot,
                stillToCome,
                resize,
                rollout,
                itsProgress,
                actor,
                itsState,
                itsDetail,
                startedAt,
                itsEnd);
    }
}
