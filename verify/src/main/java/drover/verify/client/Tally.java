package drover.verify.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What became of the requests of one load. Any thread may add. */
public final class Tally {

    private static final int KEPT = 100_000;

    private final Map<Outcome, AtomicLong> outcomes = new EnumMap<>(Outcome.class);
    private final AtomicLong closedIdle = new AtomicLong();
    private final AtomicLong askedToClose = new AtomicLong();
    private final Latencies latencies = new Latencies();
    private final List<Failure> failures = new ArrayList<>();

    /** One request that failed, on a connection that was opened then, from that port; times are {@link System#nanoTime}. */
    public record Failure(Outcome outcome, String why, int localPort, long openedNanos, long failedNanos) {}

    Tally() {
        for (var outcome : Outcome.values()) {
            outcomes.put(outcome, new AtomicLong());
        }
    }

    private AtomicLong count(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome));
    }

    void succeeded(long nanos) {
        count(Outcome.OK).incrementAndGet();
        latencies.add(nanos);
    }

    void failed(Failed failure, int localPort, long openedNanos) {
        count(failure.outcome()).incrementAndGet();
        var why = String.valueOf(failure.getMessage());
        synchronized (failures) {
            if (failures.size() < KEPT) {
                failures.add(new Failure(failure.outcome(), why, localPort, openedNanos, System.nanoTime()));
            }
        }
    }

    void closedIdle() {
        closedIdle.incrementAndGet();
    }

    void askedToClose() {
        askedToClose.incrementAndGet();
    }

    public long of(Outcome outcome) {
        return count(outcome).get();
    }

    public long ok() {
        return of(Outcome.OK);
    }

    /** All that did not go well. */
    public long failed() {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome != Outcome.OK)
                .mapToLong(this::of)
                .sum();
    }

    public List<Failure> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    /** Connections that the server ended: in the middle of a silence, or after it had said so with an answer. */
    public long closedByServer() {
        return closedIdle.get() + askedToClose.get();
    }

    /** Of those that went well, from the first byte sent to the last received. */
    public Latencies latencies() {
        return latencies;
    }

    /** All counters and the first failure, such as {@code ok 10, reset 1 (first: Connection reset)}. */
    @Override
    public String toString() {
        var counts = Arrays.stream(Outcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT) + " " + of(outcome))
                .collect(Collectors.joining(", "));
        var first = failures().stream()
                .findFirst()
                .map(failure -> " (first: " + failure.why() + ")")
                .orElse("");
        return counts + ", closed idle " + closedIdle + ", asked to close " + askedToClose + first;
    }
}
