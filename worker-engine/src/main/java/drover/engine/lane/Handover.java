package drover.engine.lane;

/**
 * A connection that goes from one worker to another.
 *
 * @param sinceNanos System.nanoTime when it came to its stage: one clock for all processes of a machine
 * @param descriptors the socket; then, if there is more to say than this, a file in memory that says it; then, if an open
 *     file is being sent, that
 */
@SuppressWarnings("ArrayRecordComponent") // made for one message, and never compared
public record Handover(Accepted accepted, Stage stage, long sinceNanos, int[] descriptors) {}
