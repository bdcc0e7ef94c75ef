package drover.admin.supervision;

import drover.engine.stats.RegionReader;
import java.util.List;
import java.util.Optional;

/**
 * The farm as the rest of admin sees it: what runs, and the commands it takes. The one implementation is
 * {@link Supervisor}. Every method may be called from any thread and returns at once, unless it says otherwise; what it
 * returns is immutable.
 */
public interface Farm {

    MasterView master();

    /** One for each slot that is wanted or still holds a process, in the order of their numbers. */
    List<SlotView> slots();

    /** How many workers are wanted. */
    int wantedWorkers();

    /** The number of the configuration and the worker that run. */
    int generation();

    /** The region this farm counts in. It may be another one after the file was created anew: do not keep it. */
    RegionReader region();

    /**
     * Accepts a command; the operation tells how it gets on. A command that runs already may be answered with the operation
     * it has.
     *
     * @param actor who asked, for the log
     * @throws CommandRefused if it cannot be begun
     */
    Operation order(Command command, String actor);

    /**
     * Puts an end to a rolling restart after the worker that has its turn, or turns a rollout back.
     *
     * @throws CommandRefused if there is none of this id, or it cannot be aborted
     */
    Operation abort(String operation, String actor);

    /** Begins the logs of the processes anew; what is in them is kept beside them. The access log needs none of this. */
    void reopenLogs(String actor);

    Optional<Operation> operation(String id);

    /**
     * What the threads of a slot's process do now, in the words of its JVM. Waits for them, for up to two seconds, and may be
     * called by any number of threads, of which one has its turn.
     *
     * @throws CommandRefused if there is no such slot, it has no process, or the process does not answer
     */
    String threads(int slot);

    /** Those that run, and those that have ended within the last minute; the oldest first. */
    List<Operation> operations();

    /** How many have ended since the farm was started: each action with each end it can come to. */
    List<OperationCount> endedOperations();

    /** Runs after every change of a slot's state or of an operation, on the supervisor's thread: be brief. */
    void onChange(Runnable listener);
}
