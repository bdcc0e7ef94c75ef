package drover.engine.stats;

/**
 * One thread's counters. Only its owner writes, so an addition is a load and an opaque store, without a
 * read-modify-write; others read through {@link RegionReader} and may see it a moment later, never torn.
 */
public final class Section {

    private final Region region;
    private final long start;

    Section(Region region, long start) {
        this.region = region;
        this.start = start;
    }

    public void add(Counter counter, long amount) {
        long at = start + RegionLayout.counter(counter);
        region.setOpaque(at, region.getOpaque(at) + amount);
    }

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void decrement(Counter counter) {
        add(counter, -1);
    }

    public void set(Counter counter, long value) {
        region.setOpaque(start + RegionLayout.counter(counter), value);
    }

    public long get(Counter counter) {
        return region.getOpaque(start + RegionLayout.counter(counter));
    }

    /** Says that the owner's loop has turned once more. */
    public void beat(long nanoTime) {
        region.setOpaque(start + RegionLayout.SECTION_TURNS, region.getOpaque(start + RegionLayout.SECTION_TURNS) + 1);
        region.setRelease(start + RegionLayout.SECTION_HEARTBEAT, nanoTime);
    }

    /** A gauge is the level of a living process: whoever takes a seat over starts from zero. */
    void clearGauges() {
        for (var counter : Counter.values()) {
            if (counter.kind() != Counter.Kind.COUNTER) {
                set(counter, 0);
            }
        }
    }
}
