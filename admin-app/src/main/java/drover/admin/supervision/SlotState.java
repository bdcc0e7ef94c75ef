package drover.admin.supervision;

/** The state of a slot and of each process in it; the same words in code, API and on the screen. */
public enum SlotState {
    /** No process, and nothing against starting one. */
    VACANT,
    /** A process starts; in a slot another may serve meanwhile, which it is to succeed. */
    STARTING,
    /** Takes connections. */
    UP,
    /** Takes nothing new and finishes what is there; in a slot its successor may serve already. */
    DRAINING,
    /** Ended unexpectedly; another one is started after a pause. */
    BACKOFF,
    /** Ended unexpectedly too often; somebody has to start it again. */
    FAILED,
    /** Nothing is wanted here. */
    STOPPED
}
