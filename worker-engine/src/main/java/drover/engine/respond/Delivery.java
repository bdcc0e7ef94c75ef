package drover.engine.respond;

import drover.engine.http.ByteRange;
import drover.engine.http.Status;
import java.util.List;

/** What of a file that was found goes to the client. Fields are each with their CR LF. */
@SuppressWarnings("ArrayRecordComponent") // each is made for one response, and never compared
public sealed interface Delivery {

    /** Its bytes stay here. */
    sealed interface WithoutContent extends Delivery {}

    /** The fields of the whole, for HEAD. */
    record Fields() implements WithoutContent {}

    /** The client has it. */
    record NotModified() implements WithoutContent {}

    /** The status code's page. */
    record Refused(Status status, byte[] fields) implements WithoutContent {}

    /** All of it, with the file's own fields. */
    record Whole() implements Delivery {}

    /** One stretch of it. */
    record Slice(byte[] fields, ByteRange range) implements Delivery {}

    /** Several stretches. */
    record Multipart(byte[] fields, List<Part> parts) implements Delivery {}

    /** What goes before a stretch, and the stretch; the last part is but the end of the others, and its stretch is empty. */
    record Part(byte[] before, ByteRange range) {}
}
