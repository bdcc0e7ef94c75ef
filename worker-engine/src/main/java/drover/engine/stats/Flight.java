package drover.engine.stats;

import java.util.Optional;

/**
 * One request in a flight recorder. The texts are what a client sent: bytes as Latin-1, cut to the room there is, to be
 * escaped by whoever shows them.
 *
 * @param status 0 until the answer is over
 * @param path without its query, which is only mentioned
 * @param connection number of the connection
 * @param bytes of the body so far
 * @param begunNanos when the request's first byte was seen, CLOCK_MONOTONIC
 * @param endedNanos when the answer was over; 0 until then
 * @param sinceNanos when the phase began
 */
public record Flight(
        int loop,
        Phase phase,
        int status,
        String method,
        String client,
        String host,
        String path,
        long connection,
        long bytes,
        long begunNanos,
        long endedNanos,
        long sinceNanos) {

    /** What a loop does about a request. */
    public enum Phase {
        /** It is at it this very moment. */
        ANSWERING(1),
        /** A file thread looks for its file. */
        LOOKUP(2),
        /** The response is on its way. */
        SENDING(3),
        FINISHED(4);

        private static final Phase[] ALL = values();

        private final int code;

        Phase(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<Phase> of(int code) {
            return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
        }
    }

    public boolean isFinished() {
        return phase == Phase.FINISHED;
    }
}
