package drover.admin.stats;

import drover.engine.stats.Histogram;
import java.util.Optional;

/**
 * What some of many requests took at most, in seconds, as exactly as the buckets tell: 99 of 100 no longer than {@code p99}.
 *
 * @param requests how many there were
 * @param p999 999 of 1000
 */
public record Percentiles(long requests, double p50, double p90, double p99, double p999) {

    /** None of no requests. */
    public static Optional<Percentiles> of(Histogram histogram) {
        long requests = histogram.count();
        return requests == 0
                ? Optional.empty()
                : Optional.of(new Percentiles(
                        requests,
                        histogram.quantile(0.5),
                        histogram.quantile(0.9),
                        histogram.quantile(0.99),
                        histogram.quantile(0.999)));
    }
}
