package drover.engine.http;

import drover.engine.http.Parsing.Malformed;

/**
 * Whether and how a body follows, RFC 9112 §6.3. Drover serves files and wants no bodies; what matters is that a body is
 * never taken for the next request, so every doubt is refused.
 */
final class MessageFraming {

    private static final Parsing FINE = new Parsing.NeedMore();
    private static final Malformed AMBIGUOUS = new Malformed(
            Status.BAD_REQUEST, "Content-Length and Transfer-Encoding together, or one of them malformed");
    private static final Malformed NO_HOST =
            new Malformed(Status.BAD_REQUEST, "an HTTP/1.1 request must have one Host field");
    private static final Malformed UNKNOWN_CODING =
            new Malformed(Status.NOT_IMPLEMENTED, "no transfer coding but chunked is known here");

    private MessageFraming() {}

    static boolean mustBeSingle(int field) {
        return field == Field.HOST.index()
                || field == Field.CONTENT_LENGTH.index()
                || field == Field.TRANSFER_ENCODING.index();
    }

    /** Sets whether a body is announced; anything but {@link Malformed} means that its length is beyond doubt. */
    static Parsing check(Request request) {
        if (request.http11() && !request.has(Field.HOST)) {
            return NO_HOST;
        }
        boolean hasLength = request.has(Field.CONTENT_LENGTH);
        if (request.has(Field.TRANSFER_ENCODING)) {
            if (hasLength || !request.http11()) {
                return AMBIGUOUS;
            }
            request.body(true);
            return Octets.equalIgnoringCase(
                            request.bytes(),
                            request.valueStart(Field.TRANSFER_ENCODING),
                            request.valueEnd(Field.TRANSFER_ENCODING),
                            "chunked")
                    ? FINE
                    : UNKNOWN_CODING;
        }
        if (!hasLength) {
            return FINE;
        }
        return checkLength(request);
    }

    /** RFC 9110 §8.6: digits and nothing else, no sign, no list. */
    private static Parsing checkLength(Request request) {
        int from = request.valueStart(Field.CONTENT_LENGTH);
        int to = request.valueEnd(Field.CONTENT_LENGTH);
        if (from == to || to - from > 19) {
            return AMBIGUOUS;
        }
        boolean zero = true;
        for (int i = from; i < to; i++) {
            byte digit = request.bytes()[i];
            if (digit < '0' || digit > '9') {
                return AMBIGUOUS;
            }
            zero &= digit == '0';
        }
        request.body(!zero);
        return FINE;
    }
}
