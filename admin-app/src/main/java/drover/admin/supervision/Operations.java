package drover.admin.supervision;

import drover.admin.supervision.CommandRefused.Reason;
import drover.admin.supervision.Operation.Action;
import drover.admin.supervision.Operation.Progress;
import drover.admin.supervision.Operation.Resize;
import drover.admin.supervision.Operation.State;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The operations of late, the oldest first, and how those that run get on: {@link #advance} compares what they want with
 * what the slots have come to, and takes the next step of those that have several. The supervisor's lock guards all changes;
 * any thread may read.
 */
final class Operations {

    private static final int REMEMBERED = 100;
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Clock clock;
    private final Pool pool;
    private final Rebalancing master;
    private final Consumer<Operation> onEnd;
    private final Rollouts rollouts;
    private volatile List<Operation> all = List.of();
    private volatile List<OperationCount> ended = OperationCount.zero();

    /** Has the master spread connections anew; its answer without the "ok". */
    interface Rebalancing {
        String rebalance() throws IOException;
    }

    /** @param onEnd hears of each that has ended, within the supervisor's lock */
    Operations(Clock clock, Pool pool, Rebalancing master, Rollouts rollouts, Consumer<Operation> onEnd) {
        this.clock = clock;
        this.pool = pool;
        this.master = master;
        this.rollouts = rollouts;
        this.onEnd = onEnd;
    }

    // ---- begin and end

    /** Goes on where another admin has stopped. */
    void restore(List<Operation> remembered, List<OperationCount> endedBefore) {
        all = List.copyOf(remembered);
        ended = OperationCount.plus(OperationCount.zero(), endedBefore);
    }

    /** One about a slot; whatever else ran there is over. */
    Operation begin(Action action, int slot, String actor) {
        abortAll(List.of(Action.RESTART, Action.START, Action.STOP, Action.DRAIN, Action.KILL), slot, action);
        return add(action, Optional.of(slot), List.of(), Optional.empty(), 1, actor);
    }

    /** A restart of all that are not stopped, or the one that runs already. */
    Operation roll(String actor) {
        return running(Action.ROLLING_RESTART).orElseGet(() -> {
            var slots = pool.wanted().stream()
                    .filter(slot -> slot.wanted() == Wanted.UP)
                    .map(Slot::number)
                    .toList();
            return add(Action.ROLLING_RESTART, Optional.empty(), slots, Optional.empty(), slots.size(), actor);
        });
    }

    /** The way to another generation; there is one at a time. */
    Operation rollOut(Action action, Rollout rollout, String actor) {
        rollout().ifPresent(other -> {
            throw new CommandRefused(
                    Reason.BUSY, "Generation " + other.to() + " is being rolled out; wait for it, or abort it.");
        });
        var slots = pool.wanted().stream().map(Slot::number).toList();
        var operation = add(action, Optional.empty(), slots, Optional.empty(), slots.size(), actor);
        return replace(operation.with(rollout));
    }

    /** The rollout that runs, if one does. */
    Optional<Rollout> rollout() {
        return all.stream()
                .filter(Operation::isRunning)
                .flatMap(operation -> operation.rollout().stream())
                .findFirst();
    }

    /** A change of size; one that runs and wants another size is over. */
    Operation scale(Resize resize, String actor) {
        var before = running(Action.SCALE);
        if (before.flatMap(Operation::resize)
                .filter(other -> other.to() == resize.to())
                .isPresent()) {
            return before.orElseThrow();
        }
        before.ifPresent(other ->
                replace(other.ends(State.ABORTED, "Another size was wanted: " + resize.to() + ".", clock.instant())));
        return add(
                Action.SCALE,
                Optional.empty(),
                List.of(),
                Optional.of(resize),
                Math.abs(resize.to() - resize.from()),
                actor);
    }

    Operation rebalance(String actor) {
        return add(Action.REBALANCE, Optional.empty(), List.of(), Optional.empty(), 1, actor);
    }

    /** No worker after the one that has its turn is restarted; a rollout goes back. */
    Operation abort(String id, String actor) {
        var operation =
                find(id).orElseThrow(() -> new CommandRefused(Reason.NO_SUCH_OPERATION, "No operation has this id."));
        if (operation.isRunning() && operation.rollout().isPresent()) {
            return replace(rollouts.abort(operation, actor));
        }
        if (operation.action() != Action.ROLLING_RESTART || !operation.isRunning()) {
            throw new CommandRefused(
                    Reason.BUSY, "Only a rolling restart, a reload and an upgrade that run can be aborted.");
        }
        var current = operation
                .slot()
                .map(slot -> "; worker " + slot + " is finished")
                .orElse("");
        return replace(operation.ends(
                State.ABORTED,
                "Aborted by %s after %s%s.".formatted(actor, workers(operation.progress()), current),
                clock.instant()));
    }

    private Operation add(
            Action action,
            Optional<Integer> slot,
            List<Integer> waiting,
            Optional<Resize> resize,
            int total,
            String actor) {
        var operation = new Operation(
                UUID.randomUUID().toString(),
                action,
                slot,
                waiting,
                resize,
                Optional.empty(),
                new Progress(0, total),
                actor,
                State.RUNNING,
                "",
                clock.instant(),
                Optional.empty());
        var grown = new ArrayList<>(all);
        grown.add(operation);
        if (grown.size() > REMEMBERED) {
            grown.stream().filter(other -> !other.isRunning()).findFirst().ifPresent(grown::remove);
        }
        all = List.copyOf(grown);
        return operation;
    }

    private void abortAll(List<Action> actions, int slot, Action by) {
        all.stream()
                .filter(other -> other.isRunning()
                        && actions.contains(other.action())
                        && other.slot().equals(Optional.of(slot)))
                .forEach(other -> replace(
                        other.ends(State.ABORTED, "Another command followed: " + by.label() + ".", clock.instant())));
    }

    private Operation replace(Operation changed) {
        all = all.stream()
                .map(other -> other.id().equals(changed.id()) ? changed : other)
                .toList();
        if (!changed.isRunning()) {
            ended = OperationCount.plus(ended, changed);
            onEnd.accept(changed);
        }
        return changed;
    }

    // ---- the turn

    /** Takes the next step of every operation that runs. */
    void advance() {
        for (var operation : all) {
            if (operation.isRunning()) {
                var next = step(operation);
                if (!next.equals(operation)) {
                    replace(next);
                }
            }
        }
    }

    private Operation step(Operation operation) {
        return switch (operation.action()) {
            case RESTART, START, STOP, DRAIN, KILL -> follow(operation);
            case ROLLING_RESTART -> roll(operation);
            case SCALE -> resize(operation);
            case REBALANCE -> rebalance(operation);
            case RELOAD, UPGRADE -> rollouts.step(operation);
        };
    }

    private Operation follow(Operation operation) {
        int number = operation.slot().orElseThrow();
        if (number > pool.size()) {
            return aborted(operation, "Worker " + number + " is no longer wanted.");
        }
        var slot = pool.find(number);
        if (slot.mishap().isPresent()) {
            return failed(operation, slot.mishap().get());
        }
        return slot.isSettled()
                ? done(operation, "worker " + number + (slot.wanted() == Wanted.UP ? " is up" : " is stopped"))
                : operation.says(slot.doing());
    }

    /** One at a time, and the next only when the one before is up. */
    private Operation roll(Operation operation) {
        if (operation.slot().isPresent()) {
            int number = operation.slot().get();
            var slot = wantedUp(number);
            if (slot.flatMap(Slot::mishap).isPresent()) {
                return failed(
                        operation,
                        "Worker %d: %s%s"
                                .formatted(number, slot.flatMap(Slot::mishap).get(), notRestarted(operation)));
            }
            if (slot.filter(Slot::isSettled).isEmpty() && slot.isPresent()) {
                return operation.says("worker " + number + ": " + slot.get().doing());
            }
            return operation.oneDone();
        }
        if (operation.waiting().isEmpty()) {
            return done(operation, workers(operation.progress()) + " restarted");
        }
        int number = operation.waiting().getFirst();
        var slot = wantedUp(number);
        if (slot.isEmpty()) {
            return operation.next().oneDone(); // stopped, or no longer wanted, since it began
        }
        try {
            slot.get().restart();
            return operation.next().says("worker " + number + ": a new process is about to be started");
        } catch (CommandRefused busy) {
            return operation.says(String.valueOf(busy.getMessage()));
        }
    }

    private Optional<Slot> wantedUp(int number) {
        return pool.wanted().stream()
                .filter(slot -> slot.number() == number && slot.wanted() == Wanted.UP)
                .findFirst();
    }

    private static String notRestarted(Operation operation) {
        return operation.waiting().isEmpty()
                ? ""
                : ". Not restarted: "
                        + operation.waiting().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private Operation resize(Operation operation) {
        var resize = operation.resize().orElseThrow();
        var changing = pool.all().stream()
                .filter(slot -> slot.number() > Math.min(resize.from(), resize.to())
                        && slot.number() <= Math.max(resize.from(), resize.to()))
                .toList();
        var mishap = changing.stream()
                .filter(slot -> slot.mishap().isPresent() && slot.wanted() == Wanted.UP)
                .findFirst();
        if (mishap.isPresent()) {
            return failed(
                    operation,
                    "Worker %d: %s"
                            .formatted(
                                    mishap.get().number(), mishap.get().mishap().orElse("")));
        }
        int settled = (int) changing.stream().filter(Slot::isSettled).count();
        var counted = operation.counts(settled, changing.size());
        if (settled < changing.size()) {
            return counted.says(changing.stream()
                    .filter(slot -> !slot.isSettled())
                    .findFirst()
                    .map(slot -> "worker " + slot.number() + ": " + slot.doing())
                    .orElse(""));
        }
        return done(counted, pool.size() + " workers are wanted and there" + spread(resize));
    }

    /** New workers get new connections; this gives them some of the old ones. */
    private String spread(Resize resize) {
        if (resize.to() <= resize.from()) {
            return "";
        }
        try {
            return "; connections spread: " + master.rebalance();
        } catch (IOException refused) {
            return "; connections stay where they are: " + refused.getMessage();
        }
    }

    private Operation rebalance(Operation operation) {
        try {
            return done(operation, master.rebalance());
        } catch (IOException refused) {
            return failed(operation, String.valueOf(refused.getMessage()));
        }
    }

    private Operation done(Operation operation, String detail) {
        return operation
                .counts(operation.progress().total(), operation.progress().total())
                .ends(State.DONE, detail, clock.instant());
    }

    private Operation failed(Operation operation, String why) {
        return operation.ends(State.FAILED, why, clock.instant());
    }

    private Operation aborted(Operation operation, String why) {
        return operation.ends(State.ABORTED, why, clock.instant());
    }

    private static String workers(Progress progress) {
        return "%d of %d workers".formatted(progress.done(), progress.total());
    }

    /** Ends all that run, because the farm does. */
    void abandon() {
        all.stream().filter(Operation::isRunning).forEach(operation -> {
            rollouts.abandon(operation);
            replace(aborted(operation, "Drover is stopping."));
        });
    }

    // ---- what others see

    private Optional<Operation> running(Action action) {
        return all.stream()
                .filter(operation -> operation.action() == action && operation.isRunning())
                .findFirst();
    }

    Optional<Operation> find(String id) {
        return all.stream().filter(operation -> operation.id().equals(id)).findFirst();
    }

    List<Operation> all() {
        return all;
    }

    /** How many have ended, by what they did and how they ended. */
    List<OperationCount> ended() {
        return ended;
    }

    /** Those that run, and those that have ended within the last minute. */
    List<Operation> recent() {
        var oldest = clock.instant().minus(RECENT);
        return all.stream()
                .filter(operation ->
                        operation.finishedAt().filter(oldest::isAfter).isEmpty())
                .toList();
    }
}
