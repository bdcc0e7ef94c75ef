package drover.engine.http;

import drover.engine.http.Parsing.Complete;
import drover.engine.http.Parsing.Malformed;
import drover.engine.http.Parsing.NeedMore;

/**
 * Parses request heads, RFC 9112 §2 to §7, resumable at any byte: whatever pieces a head arrives in, the result is the
 * same, and no byte is looked at twice. It is strict where the RFC lets a server be: a bare CR or LF, a control byte, a
 * folded line, space before a colon, a second Host, or any doubt about where a body ends is refused, because whoever
 * stands before us might read it differently.
 *
 * <p>One parser serves one connection. Places are kept relative to the start of the head, so the caller may move the bytes
 * between two calls.
 *
 * <pre>
 *   EMPTY_LINES ⇄ EMPTY_LINE_FEED
 *        ▼
 *   METHOD → TARGET → VERSION → LINE_FEED → FIELD_START → FIELD_NAME → BEFORE_VALUE → VALUE ─┐
 *                                                            │    ▲                                        │
 *                                                            ▼    └──────────── FIELD_LINE_FEED ◄──────────┘
 *                                                      LAST_LINE_FEED → complete
 * </pre>
 */
public final class RequestParser {

    public static final int MAX_REQUEST_LINE = 8 * 1024;
    public static final int MAX_HEAD = 16 * 1024;
    public static final int MAX_FIELDS = 100;

    private static final int MAX_EMPTY_LINE_BYTES = 2 * "\r\n".length();

    private static final Parsing GO_ON = new NeedMore();

    private enum State {
        EMPTY_LINES,
        EMPTY_LINE_FEED,
        METHOD,
        TARGET,
        VERSION,
        LINE_FEED,
        FIELD_START,
        FIELD_NAME,
        BEFORE_VALUE,
        VALUE,
        FIELD_LINE_FEED,
        LAST_LINE_FEED
    }

    private final Request request = new Request();
    private State state = State.EMPTY_LINES;
    private byte[] bytes = new byte[0];
    private int start;
    /** One past the last byte received, relative to the start of the head, as are all places below. */
    private int length;
    /** Where to go on. */
    private int at;
    /** Where the element began that is being read. */
    private int mark;

    private int lineStart;
    private int methodEnd;
    private int field;
    private int fields;
    private boolean close;
    private boolean persist;

    public RequestParser() {
        reset();
    }

    /** Makes ready for the next request. */
    public void reset() {
        state = State.EMPTY_LINES;
        at = 0;
        fields = 0;
        close = false;
        persist = false;
        request.clear();
    }

    /** What was parsed: whole after {@link Complete}, as far as it came after {@link Malformed}. */
    public Request request() {
        return request;
    }

    /**
     * Goes on where the last call stopped.
     *
     * @param bytes hold the head from {@code start} and everything received since, up to {@code end}
     */
    public Parsing feed(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        // What lies beyond the longest head cannot decide how one is refused: it may or may not have come yet.
        this.length = Math.min(end - start, MAX_HEAD + 1);
        request.bind(bytes, start);
        while (at < length) {
            var result = switch (state) {
                case EMPTY_LINES -> emptyLines();
                case METHOD -> method();
                case TARGET -> target();
                case VERSION -> version();
                case EMPTY_LINE_FEED -> lineFeed(State.EMPTY_LINES);
                case LINE_FEED, FIELD_LINE_FEED -> lineFeed(State.FIELD_START);
                case FIELD_START -> fieldStart();
                case FIELD_NAME -> fieldName();
                case BEFORE_VALUE -> beforeValue();
                case VALUE -> value();
                case LAST_LINE_FEED -> lastLineFeed();
            };
            if (!(result instanceof NeedMore)) {
                return result;
            }
        }
        return at > MAX_HEAD ? headTooLarge() : GO_ON;
    }

    /** RFC 9112 §2.2: an empty line or two before a request is passed over. */
    private Parsing emptyLines() {
        byte octet = octet();
        if (octet == '\r') {
            at++;
            return at > MAX_EMPTY_LINE_BYTES
                    ? malformed("too many empty lines before the request")
                    : enter(State.EMPTY_LINE_FEED);
        }
        lineStart = at;
        return enter(State.METHOD);
    }

    private Parsing method() {
        at = Octets.endOfToken(bytes, start + at, start + length) - start;
        if (at - lineStart > MAX_REQUEST_LINE) {
            return new Malformed(Status.NOT_IMPLEMENTED, "the method is longer than any"); // RFC 9112 §3
        }
        if (at == length) {
            return GO_ON;
        }
        if (octet() != ' ' || at == lineStart) {
            return malformed("the request line does not begin with a method and a space");
        }
        methodEnd = at;
        // Known from here on: a refusal of the rest is without content where this is HEAD, RFC 9110 §9.3.2.
        request.method(Method.of(bytes, start + lineStart, start + methodEnd));
        at++;
        return enter(State.TARGET);
    }

    private Parsing target() {
        at = Octets.endOfVisible(bytes, start + at, start + length) - start;
        if (at == length) {
            return lineLengthSoFar();
        }
        if (at - lineStart > MAX_REQUEST_LINE) {
            return uriTooLong();
        }
        if (octet() != ' ' || at == mark) {
            return malformed("the request target is not printable ASCII followed by a space");
        }
        request.requestLine(lineStart, methodEnd, mark, at);
        at++;
        return enter(State.VERSION);
    }

    private Parsing version() {
        int most = Math.min(length, mark + "HTTP/1.1".length() + 1);
        at = Octets.indexOf((byte) '\r', bytes, start + at, start + most) - start;
        if (at == length) {
            return GO_ON;
        }
        if (octet() != '\r'
                || at - mark != "HTTP/1.1".length()
                || !Octets.equal(bytes, start + mark, start + mark + 5, "HTTP/")
                || !isDigit(bytes[start + at - 3])
                || bytes[start + at - 2] != '.'
                || !isDigit(bytes[start + at - 1])) {
            return malformed("the request line does not end in an HTTP version and CR LF");
        }
        // RFC 9110 §2.5: a higher minor version is spoken to in ours.
        request.version(bytes[start + at - 1] != '0', at);
        if (bytes[start + at - 3] != '1') {
            return new Malformed(Status.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        at++;
        return enter(State.LINE_FEED);
    }

    private Parsing lineFeed(State next) {
        if (octet() != '\n') {
            return malformed("bare CR");
        }
        at++;
        return enter(next);
    }

    private Parsing fieldStart() {
        if (octet() == '\r') {
            at++;
            return enter(State.LAST_LINE_FEED);
        }
        if (++fields > MAX_FIELDS) {
            return new Malformed(Status.REQUEST_HEADER_FIELDS_TOO_LARGE, "more than " + MAX_FIELDS + " fields");
        }
        return enter(State.FIELD_NAME);
    }

    private Parsing fieldName() {
        at = Octets.endOfToken(bytes, start + at, start + length) - start;
        if (at == length) {
            return headLengthSoFar();
        }
        if (octet() != ':' || at == mark) {
            return malformed("a field line does not begin with a name and a colon");
        }
        field = Field.indexOf(bytes, start + mark, start + at);
        at++;
        return enter(State.BEFORE_VALUE);
    }

    private Parsing beforeValue() {
        at = Octets.endOfBlanks(bytes, start + at, start + length) - start;
        if (at == length) {
            return headLengthSoFar();
        }
        return enter(State.VALUE);
    }

    private Parsing value() {
        at = Octets.endOfValue(bytes, start + at, start + length) - start;
        if (at == length) {
            return headLengthSoFar();
        }
        if (octet() != '\r') {
            return malformed("a field value has a control byte in it");
        }
        var result = fieldLine(mark, Octets.startOfBlanks(bytes, start + mark, start + at) - start);
        at++;
        state = State.FIELD_LINE_FEED;
        return result;
    }

    private Parsing fieldLine(int from, int to) {
        if (field == Field.COUNT) {
            return GO_ON;
        }
        if (field == Field.CONNECTION.index()) {
            close |= Octets.listHas(bytes, start + from, start + to, "close");
            persist |= Octets.listHas(bytes, start + from, start + to, "keep-alive");
        } else if (request.has(field) && MessageFraming.mustBeSingle(field)) {
            return malformed("a field that may be sent once was sent twice");
        }
        request.field(field, from, to);
        return GO_ON;
    }

    private Parsing lastLineFeed() {
        if (octet() != '\n') {
            return malformed("bare CR");
        }
        at++;
        if (at > MAX_HEAD) {
            return headTooLarge();
        }
        request.persistence(request.http11() ? !close : persist && !close);
        var target = RequestTarget.split(request);
        if (target instanceof Malformed refused) {
            return refused;
        }
        return MessageFraming.check(request) instanceof Malformed refused ? refused : new Complete(start + at);
    }

    private Parsing enter(State next) {
        state = next;
        mark = at;
        return GO_ON;
    }

    private Parsing lineLengthSoFar() {
        return at - lineStart > MAX_REQUEST_LINE ? uriTooLong() : GO_ON;
    }

    private Parsing headLengthSoFar() {
        return at > MAX_HEAD ? headTooLarge() : GO_ON;
    }

    private byte octet() {
        return bytes[start + at];
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static Parsing malformed(String why) {
        return new Malformed(Status.BAD_REQUEST, why);
    }

    private static Parsing uriTooLong() {
        return new Malformed(Status.URI_TOO_LONG, "the request line has more than " + MAX_REQUEST_LINE + " bytes");
    }

    private static Parsing headTooLarge() {
        return new Malformed(
                Status.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request head has more than " + MAX_HEAD + " bytes");
    }
}
