package drover.engine.stats;

/** What the process in a seat says of itself. The codes are on the wire: append only. */
public enum SeatState {
    /** Nobody has taken the seat yet. */
    EMPTY,
    STARTING,
    READY,
    DRAINING,
    /** It left in good order; its counters stay. */
    LEFT;

    private static final SeatState[] BY_CODE = values();

    @SuppressWarnings("EnumOrdinal")
    public long code() {
        return ordinal();
    }

    /** Any number may stand in the region: one that is no code reads as {@link #EMPTY}. */
    public static SeatState of(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : EMPTY;
    }
}
