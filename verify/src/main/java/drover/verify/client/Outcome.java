package drover.verify.client;

/** What became of one request. Everything but {@link #OK} is a failure that a user would have seen. */
public enum Outcome {
    /** The whole answer came, and its body is one of those it must be. */
    OK,
    /** No connection could be made. */
    REFUSED,
    /** The connection was reset before the first byte of an answer. */
    RESET,
    /** The connection was ended before the first byte of an answer. */
    ENDED,
    /** The connection ended within an answer. */
    TRUNCATED,
    /** A whole answer, but not the right one: another status, or another body. */
    WRONG,
    /** Nothing came for longer than a client waits. */
    TIMEOUT
}
