package drover.engine.http;

/**
 * Turns the path of a request into the path of a file: the one place where percent-encoding is undone, once. What could
 * mean one thing here and another to the file system or to a proxy is refused: encoded slashes and backslashes, NUL and
 * other control bytes, {@code .} and {@code ..} segments, malformed UTF-8. Runs of slashes become one.
 */
public final class PathDecoder {

    /** The result for a path that is refused. */
    public static final int REFUSED = -1;

    private PathDecoder() {}

    /**
     * Writes the decoded path, which begins with a slash.
     *
     * @param out has room for at least {@code to - from + 1} bytes
     * @return its length, or {@link #REFUSED}
     */
    public static int decode(byte[] bytes, int from, int to, byte[] out) {
        int length = 0;
        out[length++] = '/';
        boolean eightBit = false;
        for (int at = from; at < to; at++) {
            byte octet = bytes[at];
            if (octet == '%') {
                int decoded = at + 2 < to ? (hex(bytes[at + 1]) << 4) | hex(bytes[at + 2]) : REFUSED;
                if (decoded < ' ' || decoded == '/' || decoded == 0x7f) {
                    return REFUSED;
                }
                octet = (byte) decoded;
                at += 2;
            } else if (octet == '/') {
                if (out[length - 1] == '/') {
                    continue;
                }
                if (isDotSegment(out, length)) {
                    return REFUSED;
                }
            }
            if (octet == '\\') {
                return REFUSED;
            }
            eightBit |= octet < 0;
            out[length++] = octet;
        }
        if (isDotSegment(out, length) || (eightBit && !Utf8.isValid(out, length))) {
            return REFUSED;
        }
        return length;
    }

    /** The digit's value, or −1, which stays negative through shift and or. */
    private static int hex(byte octet) {
        return Character.digit(octet, 16);
    }

    private static boolean isDotSegment(byte[] path, int length) {
        if (path[length - 1] != '.') {
            return false;
        }
        return path[length - 2] == '/' || (path[length - 2] == '.' && path[length - 3] == '/');
    }
}
