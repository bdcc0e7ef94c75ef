package drover.admin.supervision;

import drover.admin.supervision.Operation.State;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How one command gets on; what it says is found by its id until a hundred newer ones have come. */
final class OperationProgress {

    private static final int REMEMBERED = 100;
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Log log;
    private final String id;

    private OperationProgress(Log log, String id) {
        this.log = log;
        this.id = id;
    }

    /** The operations of late, oldest first. Any thread may read; the supervisor's writes. */
    static final class Log {

        private final Clock clock;
        private final Map<String, Operation> operations = new LinkedHashMap<>();

        Log(Clock clock) {
            this.clock = clock;
        }

        synchronized OperationProgress begin(String action, int slot, String actor) {
            var operation = new Operation(
                    UUID.randomUUID().toString(),
                    action,
                    slot,
                    actor,
                    State.RUNNING,
                    "",
                    clock.instant(),
                    Optional.empty());
            operations.put(operation.id(), operation);
            if (operations.size() > REMEMBERED) {
                operations.remove(operations.keySet().iterator().next());
            }
            return new OperationProgress(this, operation.id());
        }

        synchronized Optional<Operation> find(String id) {
            return Optional.ofNullable(operations.get(id));
        }

        synchronized List<Operation> recent() {
            var oldest = clock.instant().minus(RECENT);
            return operations.values().stream()
                    .filter(operation ->
                            operation.finishedAt().filter(oldest::isAfter).isEmpty())
                    .toList();
        }

        /** Drops one that was refused before it began. */
        synchronized void forget(OperationProgress refused) {
            operations.remove(refused.id);
        }

        private synchronized void update(String id, State state, String detail) {
            operations.computeIfPresent(
                    id,
                    (_, old) -> new Operation(
                            id,
                            old.action(),
                            old.slot(),
                            old.actor(),
                            state,
                            detail,
                            old.startedAt(),
                            state == State.RUNNING ? Optional.empty() : Optional.of(clock.instant())));
        }

        /** A number that changes with every update, to notice them. */
        synchronized int fingerprint() {
            return operations.hashCode();
        }
    }

    String id() {
        return id;
    }

    void says(String detail) {
        log.update(id, State.RUNNING, detail);
    }

    void done(String detail) {
        log.update(id, State.DONE, detail);
    }

    void failed(String detail) {
        log.update(id, State.FAILED, detail);
    }
}
