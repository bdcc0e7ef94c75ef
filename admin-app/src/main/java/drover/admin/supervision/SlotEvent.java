package drover.admin.supervision;

/** What can happen to a slot; {@link SlotLife} says what follows. */
enum SlotEvent {
    /** A process was started. */
    LAUNCHED,
    /** The process started last is ready, and no other is left. */
    READY,
    /** The process started last is ready, and its predecessor is to drain now. */
    RELIEVED,
    /** The process started last came to nothing; its predecessor serves on. */
    FELL_BACK,
    /** The process that served drains, and none takes its place. */
    DRAINS,
    /** The last process that drained has left; another one serves. */
    LEFT,
    /** The last process has ended, as somebody wished. */
    EMPTIED,
    /** The last process has ended, as nobody wished. */
    CRASHED,
    /** The same once too often. */
    GAVE_UP,
    /** A process may be started again: the pause is over, or somebody said so. */
    REVIVED,
    /** Nothing is wanted here, and nothing lives here. */
    SHUT
}
