package drover.admin.history;

import drover.admin.stats.Sample;
import drover.admin.stats.WorkerSample;
import drover.engine.stats.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Makes the numbers of the history from samples. Only the sampler's thread touches it. */
final class Readings {

    /** Samples are also taken between two seconds, whenever a state changes. */
    private static final Duration SHORTEST = Duration.ofMillis(900);

    private static final double MILLIS_PER_SECOND = 1000;

    private Optional<Before> before = Optional.empty();

    private record Before(Instant at, Map<Integer, WorkerSample> bySlot) {}

    /** The numbers of a sample; none of the first one, and of one that came too early. */
    Optional<float[]> of(Sample sample) {
        var elapsed = before.map(earlier -> Duration.between(earlier.at(), sample.at()));
        if (elapsed.filter(time -> !time.isNegative() && time.compareTo(SHORTEST) < 0)
                .isPresent()) {
            return Optional.empty();
        }
        var numbers = elapsed.filter(Duration::isPositive)
                .map(time -> numbers(sample, before.orElseThrow().bySlot(), time.toMillis() / MILLIS_PER_SECOND));
        var bySlot = new HashMap<Integer, WorkerSample>();
        sample.workers().forEach(worker -> bySlot.put(worker.slot().slot(), worker));
        before = Optional.of(new Before(sample.at(), bySlot));
        return numbers;
    }

    private static float[] numbers(Sample sample, Map<Integer, WorkerSample> earlier, double seconds) {
        var numbers = new float[Column.COUNT];
        for (var column : Column.values()) {
            numbers[column.index()] = (float)
                    switch (column) {
                        case REQUESTS_PER_SECOND ->
                            grown(sample, earlier, worker -> worker.counts().requests()) / seconds;
                        case BYTES_PER_SECOND ->
                            grown(sample, earlier, worker -> worker.counts().get(Counter.RESPONSE_BYTES)) / seconds;
                        case ERRORS_PER_SECOND ->
                            grown(sample, earlier, worker -> worker.counts().get(Counter.REQUESTS_5XX)) / seconds;
                        case READING -> sample.connections().reading();
                        case WRITING -> sample.connections().writing();
                        case IDLE -> sample.connections().idle();
                        case WORKERS_UP ->
                            sample.workers().stream()
                                    .filter(worker -> worker.slot().serves())
                                    .count();
                    };
        }
        return numbers;
    }

    /** By how much a counter has grown, over all slots; one that is new, or whose region was made anew, by nothing. */
    private static double grown(
            Sample sample, Map<Integer, WorkerSample> earlier, ToLongFunction<WorkerSample> counter) {
        return sample.workers().stream()
                .mapToLong(worker -> Optional.ofNullable(
                                earlier.get(worker.slot().slot()))
                        .map(then -> Math.max(0, counter.applyAsLong(worker) - counter.applyAsLong(then)))
                        .orElse(0L))
                .sum();
    }
}
