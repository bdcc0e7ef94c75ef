package drover.admin.supervision;

/** What can be asked of the farm. Each is accepted as an {@link Operation}, or refused. */
public sealed interface Command {

    /** A successor for a worker, and a start for one that failed or was stopped. */
    record Restart(int slot) implements Command {}

    /** A start for a worker that failed or was stopped. */
    record Start(int slot) implements Command {}

    /** The end of a worker: what it has begun has two seconds; nobody takes its place. */
    record Stop(int slot) implements Command {}

    /** The same with all the time that is set for draining. */
    record Drain(int slot) implements Command {}

    /** The end of a worker at once; another takes its place if one is wanted. */
    record Kill(int slot) implements Command {}

    /** A restart of all workers, one after the other. While one runs, another one is the same. */
    record RollingRestart() implements Command {}

    /** So many workers; what is too much drains, the highest numbers first. */
    record Scale(int size) implements Command {}

    /** Idle connections are spread anew over the workers. */
    record Rebalance() implements Command {}

    /** Another generation, of the configuration or of the worker; {@code force}: even if something is found no more. */
    record RollOut(int generation, boolean force) implements Command {}
}
