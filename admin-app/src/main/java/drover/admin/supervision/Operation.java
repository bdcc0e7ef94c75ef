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
 * @param slot the one it is about; for a rolling restart the one whose turn it is
 * @param waiting slots whose turn in a rolling restart is still to come
 * @param resize how many workers there were and are to be, if that is what it changes
 * @param progress how many workers are done of how many
 * @param detail what it is doing or why it failed, a sentence for people
 */
public record Operation(
        String id,
        Action action,
        Optional<Integer> slot,
        List<Integer> waiting,
        Optional<Resize> resize,
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
        REBALANCE;

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
        return new Operation(id, action, slot, waiting, resize, progress, actor, state, now, startedAt, finishedAt);
    }

    Operation counts(int done, int total) {
        return new Operation(
                id,
                action,
                slot,
                waiting,
                resize,
                new Progress(done, total),
                actor,
                state,
                detail,
                startedAt,
                finishedAt);
    }

    /** The next slot has its turn. */
    Operation next() {
        return new Operation(
                id,
                action,
                Optional.of(waiting.getFirst()),
                waiting.subList(1, waiting.size()),
                resize,
                progress,
                actor,
                state,
                detail,
                startedAt,
                finishedAt);
    }

    /** The slot whose turn it was is done. */
    Operation oneDone() {
        return new Operation(
                id,
                action,
                Optional.empty(),
                waiting,
                resize,
                new Progress(progress.done() + 1, progress.total()),
                actor,
                state,
                detail,
                startedAt,
                finishedAt);
    }

    Operation ends(State end, String why, Instant at) {
        return new Operation(id, action, slot, waiting, resize, progress, actor, end, why, startedAt, Optional.of(at));
    }
}
