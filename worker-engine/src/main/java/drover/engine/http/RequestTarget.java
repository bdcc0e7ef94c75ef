package drover.engine.http;

import drover.engine.http.Parsing.Malformed;

/** Takes a request target apart, RFC 9112 §3.2, and finds the host that is asked for, RFC 9110 §7.2. */
final class RequestTarget {

    private static final Parsing FINE = new Parsing.NeedMore();
    private static final Malformed BAD_TARGET =
            new Malformed(Status.BAD_REQUEST, "the request target is neither a path nor an http URL");
    private static final Malformed BAD_HOST = new Malformed(Status.BAD_REQUEST, "the host is malformed");

    /**
     * A fragment is not sent, and delimiters of markup are no part of a URI. The other bytes that RFC 3986 leaves out are
     * taken, as browsers send them in queries.
     */
    private static final boolean[] URI = Octets.table("!=", "$;", "?~");

    private RequestTarget() {}

    /** Sets the request's host, path and query; anything but {@link Malformed} means that it could. */
    static Parsing split(Request request) {
        byte[] bytes = request.bytes();
        int from = request.targetStart();
        int to = request.targetEnd();
        if (request.has(Field.HOST)) {
            request.host(request.valueStart(Field.HOST), request.valueEnd(Field.HOST));
            // RFC 9112 §3.2: refused even where the target names the host, for whoever stands before us may go by Host.
            if (request.hostStart() == request.hostEnd()
                    || !Authority.isHost(bytes, request.hostStart(), request.hostEnd())) {
                return BAD_HOST;
            }
        }
        if (request.method() == Method.CONNECT) {
            request.resource(from, from, from); // refused later, whatever its target is
        } else if (bytes[from] == '/') {
            splitPath(request, from, to);
        } else if (request.method() == Method.OPTIONS && Octets.equal(bytes, from, to, "*")) {
            request.resource(from, from, from);
        } else if (to - from >= 7 && Octets.equalIgnoringCase(bytes, from, from + 7, "http://")) {
            int authorityEnd = from + 7;
            while (authorityEnd < to && bytes[authorityEnd] != '/' && bytes[authorityEnd] != '?') {
                authorityEnd++;
            }
            if (authorityEnd == from + 7 || bytes[from + 7] == ':') {
                return BAD_HOST; // RFC 9110 §4.2.1: an http URL has a host
            }
            request.host(from + 7, authorityEnd);
            if (!Authority.isHost(bytes, from + 7, authorityEnd)) {
                return BAD_HOST;
            }
            splitPath(request, authorityEnd, to);
        } else {
            return BAD_TARGET;
        }
        return Octets.endOf(URI, bytes, from, to) == to ? FINE : BAD_TARGET;
    }

    private static void splitPath(Request request, int from, int to) {
        request.resource(from, Octets.indexOf((byte) '?', request.bytes(), from, to), to);
    }
}
