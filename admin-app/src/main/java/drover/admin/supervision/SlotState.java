package drover.admin.supervision;

/** The state of a slot and of each process in it; the same words in code, API and on the screen. */
public enum SlotState {
    VACANT,
    STARTING,
    UP,
    DRAINING,
    BACKOFF,
    FAILED,
    STOPPED
}
