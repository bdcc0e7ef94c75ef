package drover.engine.lane;

/** How far a connection is when it changes hands. The order is that of the numbers on the lane. */
public enum Stage {
    /** Nobody has read from it. */
    NEW,
    /** Its first request, or the rest of a head, is awaited. */
    HEAD,
    /** It is kept alive between two requests. */
    IDLE,
    /** A response is on its way. */
    RESPONSE;

    private static final Stage[] ALL = values();

    static Stage of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : NEW;
    }

    @SuppressWarnings("EnumOrdinal") // the order is the wire's
    int number() {
        return ordinal();
    }
}
