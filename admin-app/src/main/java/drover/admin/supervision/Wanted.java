package drover.admin.supervision;

/** What a slot is for at present; what lives in it may not have followed yet. */
public enum Wanted {
    /** One process serves. */
    UP,
    /** None, until somebody starts it again. */
    STOPPED,
    /** None, and no slot: the pool has become smaller. */
    GONE
}
