package drover.engine.respond;

import drover.engine.files.Representation;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Writes the heads of responses, and the small bodies that go with refusals, from parts rendered beforehand. */
public final class ResponseHead {

    /** Room enough for any head but for the fields handed in. */
    public static final int MAX_BYTES = 1024;

    private static final Map<Status, Rendered> RENDERED = new EnumMap<>(Status.class);

    static {
        for (var status : Status.values()) {
            RENDERED.put(status, new Rendered(status));
        }
    }

    /** Among visible ASCII: these, and a percent sign that encodes nothing. */
    private static final Pattern NO_URI_OCTET = Pattern.compile("[\"<>\\\\^`{|}]|%(?![0-9A-Fa-f]{2})");

    private static final byte[] ALLOW = ascii("Allow: GET, HEAD, OPTIONS\r\n");
    private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
    private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] LINE_END = ascii("\r\n");
    private static final byte[] HEALTHY = ascii("ok\n");
    private static final byte[] DRAINING = ascii("draining\n");

    private ResponseHead() {}

    /**
     * Writes a whole head.
     *
     * @param date the value of the Date field
     * @param fields the fields of this response, each with its CR LF
     * @param keepsAlive whether the connection stays, RFC 9112 §9.3: said aloud where it is not the version's default
     */
    public static void write(
            ByteBuffer out, Status status, byte[] date, byte[] fields, Request request, boolean keepsAlive) {
        out.put(rendered(status).statusLine).put(date).put(LINE_END).put(fields);
        if (!keepsAlive) {
            out.put(CONNECTION_CLOSE);
        } else if (!request.http11()) {
            out.put(CONNECTION_KEEP_ALIVE);
        }
        out.put(LINE_END);
    }

    /** The fields of a refusal and its page. */
    public static byte[] refusalFields(Status status) {
        return refusalFields(status, 1);
    }

    /** The same, with when to ask again if the service is unavailable. */
    public static byte[] refusalFields(Status status, int retryAfterSeconds) {
        var fields = rendered(status).fields;
        return switch (status) {
            case METHOD_NOT_ALLOWED -> concatenation(ALLOW, fields);
            case SERVICE_UNAVAILABLE -> concatenation(retryAfter(retryAfterSeconds), fields);
            default -> fields;
        };
    }

    /** The fields of the page for a file that is there, but in no coding that the client accepts. */
    public static byte[] unacceptableFields() {
        return concatenation(ascii(Representation.VARY), rendered(Status.NOT_FOUND).fields);
    }

    public static byte[] page(Status status, boolean wanted) {
        return wanted ? rendered(status).page : new byte[0];
    }

    public static byte[] methodsFields() {
        return ALLOW;
    }

    /** Where the request's own path is with a slash at its end, and its query. */
    public static String withSlash(Request request) {
        var path = uri(request.bytes(), request.pathStart(), request.pathEnd());
        // Two slashes at the start would name a host, RFC 3986 §4.2.
        return "/" + path.replaceFirst("^/+", "") + "/" + uri(request.bytes(), request.pathEnd(), request.queryEnd());
    }

    /** Whether a location is longer than the target of a request may be. */
    public static boolean isTooLong(String location) {
        return location.length() > RequestParser.MAX_REQUEST_LINE;
    }

    private static byte[] retryAfter(int seconds) {
        return ascii("Retry-After: " + seconds + "\r\n");
    }

    /** The fields of a refusal with a page of the site's own. */
    public static byte[] refusalFields(Status status, int retryAfterSeconds, Representation page) {
        var retry = status == Status.SERVICE_UNAVAILABLE ? retryAfter(retryAfterSeconds) : new byte[0];
        var fields = page.contentFields() + "Content-Length: " + page.size() + "\r\n";
        return concatenation(retry, ascii(fields));
    }

    /** The fields of a redirect. */
    public static byte[] redirectFields(Status status, String location) {
        return concatenation(ascii("Location: " + location + "\r\n"), rendered(status).fields);
    }

    /** A location with the request's query behind its own. */
    static String withQuery(String location, Request request) {
        var query = uri(request.bytes(), request.pathEnd(), request.queryEnd());
        return location + (location.contains("?") ? query.replaceFirst("^[?]", "&") : query);
    }

    /** The same fields and more. */
    public static byte[] with(byte[] fields, String more) {
        return more.isEmpty() ? fields : concatenation(fields, ascii(more));
    }

    /** What a probe is told, its body. */
    public static byte[] probePage(boolean draining) {
        return draining ? DRAINING : HEALTHY;
    }

    public static byte[] probeFields(byte[] body) {
        return ascii("Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nContent-Length: "
                + body.length + "\r\n");
    }

    /** What is the same in every response with a status code. */
    private static final class Rendered {

        private final byte[] statusLine;
        private final byte[] page;
        private final byte[] fields;

        Rendered(Status status) {
            var title = status.code() + " " + status.reason();
            statusLine = ascii("HTTP/1.1 " + title + "\r\nServer: drover\r\nDate: ");
            page = ascii("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + title
                    + "</title>\n<h1>" + title + "</h1>\n</html>\n");
            fields = ascii("Content-Type: text/html; charset=utf-8\r\nContent-Length: " + page.length + "\r\n");
        }
    }

    private static Rendered rendered(Status status) {
        return Objects.requireNonNull(RENDERED.get(status));
    }

    static byte[] concatenation(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A part of the request's target with what a URI cannot have encoded, RFC 3986 §2; a target has visible ASCII alone. */
    private static String uri(byte[] bytes, int from, int to) {
        return NO_URI_OCTET
                .matcher(new String(bytes, from, to - from, StandardCharsets.US_ASCII))
                .replaceAll(octet -> "%%%02X".formatted((int) octet.group().charAt(0)));
    }
}
