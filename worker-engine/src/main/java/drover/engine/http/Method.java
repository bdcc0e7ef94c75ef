package drover.engine.http;

/** Request methods, RFC 9110 §9: those that are answered, those that are known, and the rest. */
public enum Method {
    GET,
    HEAD,
    OPTIONS,
    POST,
    PUT,
    DELETE,
    CONNECT,
    TRACE,
    PATCH,
    /** A well-formed token that names none of the above. */
    UNKNOWN;

    private static final Method[] KNOWN = {GET, HEAD, OPTIONS, POST, PUT, DELETE, CONNECT, TRACE, PATCH};

    /** Methods are case-sensitive. */
    static Method of(byte[] bytes, int start, int end) {
        for (var method : KNOWN) {
            if (Octets.equal(bytes, start, end, method.name())) {
                return method;
            }
        }
        return UNKNOWN;
    }
}
