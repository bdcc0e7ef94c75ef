package drover.admin.supervision;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the loops of a process turn. What a heartbeat says is not believed: it is fresh when it was seen to change, by the
 * supervisor's own clock.
 */
final class Heartbeats {

    private List<Long> seen = List.of();
    private final List<Long> changedNanos = new ArrayList<>();

    /** Takes a look; as many values each time as there are loops. */
    void observe(List<Long> values, long nanoTime) {
        if (values.size() != changedNanos.size()) {
            changedNanos.clear();
            values.forEach(_ -> changedNanos.add(nanoTime));
        }
        for (int loop = 0; loop < seen.size() && loop < values.size(); loop++) {
            if (!seen.get(loop).equals(values.get(loop))) {
                changedNanos.set(loop, nanoTime);
            }
        }
        seen = List.copyOf(values);
    }

    /** Whether anybody has ever looked. */
    boolean isWatched() {
        return !seen.isEmpty();
    }

    /** How long ago the slowest loop was seen to turn. */
    long ageNanos(long nanoTime) {
        return changedNanos.stream()
                .mapToLong(changed -> nanoTime - changed)
                .max()
                .orElse(0);
    }

    /** Lets all age anew: nobody looked for a while. */
    void renew(long nanoTime) {
        changedNanos.replaceAll(_ -> nanoTime);
    }
}
