package drover.admin.stats;

import java.util.Optional;

/**
 * How long requests took of late and on the whole.
 *
 * @param recentSeconds how long ago {@code recent} begins, about ten seconds if there were so many
 * @param recent none without a request
 * @param sinceStart since the farm was started; none without a request
 */
public record Latency(double recentSeconds, Optional<Percentiles> recent, Optional<Percentiles> sinceStart) {

    /** Nobody has asked for anything. */
    public static final Latency NONE = new Latency(0, Optional.empty(), Optional.empty());
}
