package drover.admin.crashes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each slot was like over the last minute, a line a second. Any thread. */
public final class LastMinute {

    private static final int LINES = 60;
    private static final Duration SHORTEST = Duration.ofMillis(900);

    private final Map<Integer, Deque<Gauges>> bySlot = new HashMap<>();

    /** Notes what a slot is like now, unless that was noted just before. */
    public synchronized void note(int slot, Gauges gauges) {
        var lines = bySlot.computeIfAbsent(slot, _ -> new ArrayDeque<>());
        if (!lines.isEmpty()
                && Duration.between(lines.getLast().at(), gauges.at()).abs().compareTo(SHORTEST) < 0) {
            return;
        }
        lines.addLast(gauges);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }

    /** The oldest first. */
    synchronized List<Gauges> of(int slot) {
        return List.copyOf(bySlot.getOrDefault(slot, new ArrayDeque<>()));
    }
}
