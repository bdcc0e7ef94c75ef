package drover.admin.stats;

import drover.engine.stats.Buckets;
import drover.engine.stats.Histogram;
import drover.engine.stats.VhostReading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Remembers what was counted about ten seconds ago, so that what came since can be told. Its owner's thread alone uses it.
 */
public final class LatencyWindow {

    private static final long LENGTH = Duration.ofSeconds(10).toNanos();
    /** Readings that follow each other faster are not kept: there would be too many. */
    private static final long STEP = Duration.ofMillis(900).toNanos();

    private static final double NANOS_PER_SECOND = 1e9;
    private static final Histogram NOTHING = Histogram.empty(Buckets.TIMES);

    private final Deque<Moment> moments = new ArrayDeque<>();

    private record Moment(long nanoTime, Histogram all, Map<String, Histogram> byName) {}

    /** The time to the first byte of all requests, and of those for each virtual host. */
    public record Latencies(Latency all, List<VhostSample> vhosts) {}

    /** What these say, which were read now, in comparison with those before. */
    public Latencies add(long nanoTime, List<VhostReading> vhosts) {
        var now = moment(nanoTime, vhosts);
        while (moments.size() > 1 && nanoTime - moments.getFirst().nanoTime() > LENGTH + STEP / 2) {
            moments.removeFirst();
        }
        if (moments.isEmpty() || nanoTime - moments.getLast().nanoTime() >= STEP) {
            moments.addLast(now);
        }
        var then = moments.getFirst();
        double seconds = (nanoTime - then.nanoTime()) / NANOS_PER_SECOND;
        return new Latencies(
                latency(seconds, then.all(), now.all()),
                vhosts.stream()
                        .map(vhost -> new VhostSample(
                                vhost,
                                latency(seconds, then.byName().getOrDefault(vhost.name(), NOTHING), vhost.firstByte())))
                        .toList());
    }

    private static Moment moment(long nanoTime, List<VhostReading> vhosts) {
        return new Moment(
                nanoTime,
                vhosts.stream().map(VhostReading::firstByte).reduce(NOTHING, Histogram::plus),
                vhosts.stream().collect(Collectors.toMap(VhostReading::name, VhostReading::firstByte)));
    }

    private static Latency latency(double seconds, Histogram then, Histogram now) {
        return new Latency(seconds, Percentiles.of(now.since(then)), Percentiles.of(now));
    }
}
