package drover.admin.stats;

import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader.Counts;

/** Open connections by what the workers do with them. */
public record Connections(long reading, long writing, long idle) {

    /** What these counts say. */
    public static Connections of(Counts counts) {
        return new Connections(
                counts.get(Counter.CONNECTIONS_READING),
                counts.get(Counter.CONNECTIONS_WRITING),
                counts.get(Counter.CONNECTIONS_IDLE));
    }
}
