package drover.engine.respond;

import drover.engine.files.Representation;
import drover.engine.http.ByteRange;
import drover.engine.http.ByteRanges;
import drover.engine.http.ContentCoding;
import drover.engine.http.Field;
import drover.engine.http.Method;
import drover.engine.http.Preconditions;
import drover.engine.http.Request;
import drover.engine.http.Status;
import drover.engine.respond.Delivery.Fields;
import drover.engine.respond.Delivery.Multipart;
import drover.engine.respond.Delivery.NotModified;
import drover.engine.respond.Delivery.Part;
import drover.engine.respond.Delivery.Refused;
import drover.engine.respond.Delivery.Slice;
import drover.engine.respond.Delivery.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Decides what of a file a GET or HEAD gets, in the order of RFC 9110 §13.2.2: conditions first, then ranges. */
public final class FileDelivery {

    private static final Delivery WHOLE = new Whole();
    private static final Delivery FIELDS = new Fields();
    private static final Delivery NOT_MODIFIED = new NotModified();
    private static final Delivery PRECONDITION_FAILED =
            new Refused(Status.PRECONDITION_FAILED, ResponseHead.refusalFields(Status.PRECONDITION_FAILED));

    private FileDelivery() {}

    /**
     * Allocates nothing for a request that has neither conditions nor ranges.
     *
     * @param nowSeconds what the response's Date will be
     */
    public static Delivery of(Request request, Representation file, long nowSeconds) {
        return switch (Preconditions.evaluate(request, file.validators(), nowSeconds)) {
            case FAILED -> PRECONDITION_FAILED;
            case NOT_MODIFIED -> NOT_MODIFIED;
            case PROCEED -> request.method() == Method.HEAD ? FIELDS : content(request, file, nowSeconds);
        };
    }

    private static Delivery content(Request request, Representation file, long nowSeconds) {
        return request.has(Field.RANGE) && Preconditions.rangeApplies(request, file.partValidators(), nowSeconds)
                ? ranges(request, file)
                : WHOLE;
    }

    /** Several ranges of compressed content are not sent apart: clients disagree on which part the coding is said of. */
    private static Delivery ranges(Request request, Representation file) {
        return switch (ByteRanges.parse(request.value(Field.RANGE), file.size())) {
            case ByteRanges.Ignored() -> WHOLE;
            case ByteRanges.Unsatisfiable() -> unsatisfiable(file);
            case ByteRanges.Satisfiable(List<ByteRange> ranges) -> {
                if (ranges.size() == 1) {
                    yield slice(file, ranges.getFirst());
                }
                yield file.coding() == ContentCoding.IDENTITY ? multipart(file, ranges) : WHOLE;
            }
        };
    }

    private static Delivery unsatisfiable(Representation file) {
        return new Refused(
                Status.RANGE_NOT_SATISFIABLE,
                ResponseHead.concatenation(
                        ResponseHead.ascii("Content-Range: bytes */" + file.size() + "\r\n"),
                        ResponseHead.refusalFields(Status.RANGE_NOT_SATISFIABLE)));
    }

    private static Delivery slice(Representation file, ByteRange range) {
        var fields = file.contentFields() + "Content-Length: " + range.length() + "\r\n" + contentRange(file, range);
        return new Slice(ResponseHead.concatenation(ResponseHead.ascii(fields), file.validatorFields()), range);
    }

    /** The boundary is drawn for each response, so that nobody can put it into a file. */
    private static Delivery multipart(Representation file, List<ByteRange> ranges) {
        var random = ThreadLocalRandom.current();
        var boundary = String.format("%016x%016x", random.nextLong(), random.nextLong());
        var parts = new ArrayList<Part>();
        long length = 0;
        for (var range : ranges) {
            var before = ResponseHead.ascii((parts.isEmpty() ? "--" : "\r\n--") + boundary + "\r\n"
                    + file.contentFields() + contentRange(file, range) + "\r\n");
            parts.add(new Part(before, range));
            length += before.length + range.length();
        }
        var after = ResponseHead.ascii("\r\n--" + boundary + "--\r\n");
        parts.add(new Part(after, new ByteRange(0, 0)));
        length += after.length;
        var fields =
                "Content-Type: multipart/byteranges; boundary=" + boundary + "\r\nContent-Length: " + length + "\r\n";
        return new Multipart(
                ResponseHead.concatenation(ResponseHead.ascii(fields), file.validatorFields()), List.copyOf(parts));
    }

    private static String contentRange(Representation file, ByteRange range) {
        return "Content-Range: bytes " + range.first() + "-" + (range.end() - 1) + "/" + file.size() + "\r\n";
    }
}
