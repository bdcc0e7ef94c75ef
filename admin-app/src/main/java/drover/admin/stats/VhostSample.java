package drover.admin.stats;

import drover.engine.stats.VhostBlock.Verb;
import drover.engine.stats.VhostReading;

/**
 * One virtual host at one moment.
 *
 * @param firstByte how long its requests waited for the first byte of their answer
 */
public record VhostSample(VhostReading reading, Latency firstByte) {

    /** As it is written in metrics and in the API. */
    public static String method(Verb verb) {
        return switch (verb) {
            case GET -> "GET";
            case HEAD -> "HEAD";
            case OTHER -> "other";
        };
    }
}
