package drover.admin.supervision;

import java.time.Instant;
import java.util.Optional;

/**
 * A command under way or done.
 *
 * @param action {@code restart}
 * @param detail what it is doing or why it failed, a sentence for people
 */
public record Operation(
        String id,
        String action,
        int slot,
        String actor,
        State state,
        String detail,
        Instant startedAt,
        Optional<Instant> finishedAt) {

    /** How far it has come. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }
}
