package drover.engine.lane;

/** How a loop is to drain. The order is that of the numbers on the lane. */
public enum Drain {
    /** It finishes what it has: nobody is there to take it over. */
    ALONE,
    /** It hands its connections back, for its successor and others. */
    RESTART,
    /** It hands its connections back; nobody takes its place. */
    SCALE;

    private static final Drain[] ALL = values();

    static Drain of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : ALONE;
    }
}
