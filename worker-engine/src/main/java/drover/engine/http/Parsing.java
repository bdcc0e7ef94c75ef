package drover.engine.http;

/** What came of feeding bytes to a {@link RequestParser}. */
public sealed interface Parsing {

    /** The head is not complete. */
    record NeedMore() implements Parsing {}

    /** The head is complete and ends before {@code end}; what follows there is the next request. */
    record Complete(int end) implements Parsing {}

    /** The bytes are not a request that can be answered; the connection is of no further use. */
    record Malformed(Status status, String why) implements Parsing {}
}
