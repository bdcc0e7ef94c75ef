package drover.engine.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * What was counted for one virtual host. Never changes.
 *
 * @param requests by verb, then in the order of the codes
 * @param firstByte from a request's first byte until its answer's
 * @param total from a request's first byte until its answer was out
 * @param bytes of bodies
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
public record VhostReading(String name, long[][] requests, Histogram firstByte, Histogram total, Histogram bytes) {

    /** The name under which everything is counted that no other name has. */
    public static final String OTHERS = "_other";

    /**
     * How many requests there were.
     *
     * @param code of the answer; 0 for one that has no place of its own
     */
    public record Requests(VhostBlock.Verb verb, int code, long count) {}

    /** Nothing yet. */
    public static VhostReading empty(String name) {
        return new VhostReading(
                name,
                new long[VhostBlock.Verb.values().length][VhostBlock.CODES.length],
                Histogram.empty(Buckets.TIMES),
                Histogram.empty(Buckets.TIMES),
                Histogram.empty(Buckets.SIZES));
    }

    /** By method and code, without those that never were. */
    public List<Requests> byMethodAndCode() {
        var all = new ArrayList<Requests>();
        for (var verb : VhostBlock.Verb.values()) {
            var ofVerb = requests[verb.index()];
            for (int i = 0; i < ofVerb.length; i++) {
                if (ofVerb[i] > 0) {
                    all.add(new Requests(verb, VhostBlock.CODES[i], ofVerb[i]));
                }
            }
        }
        return all;
    }

    /** All requests that were answered. */
    public long count() {
        return byMethodAndCode().stream().mapToLong(Requests::count).sum();
    }

    /** Both together, under this one's name. */
    public VhostReading plus(VhostReading other) {
        var both = new long[requests.length][];
        for (int verb = 0; verb < both.length; verb++) {
            both[verb] = requests[verb].clone();
            for (int i = 0; i < both[verb].length; i++) {
                both[verb][i] += other.requests[verb][i];
            }
        }
        return new VhostReading(
                name, both, firstByte.plus(other.firstByte), total.plus(other.total), bytes.plus(other.bytes));
    }
}
