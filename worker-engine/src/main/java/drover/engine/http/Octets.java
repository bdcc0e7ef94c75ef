package drover.engine.http;

import java.util.Arrays;

/** Looks at bytes of a request as what they are: ASCII, never decoded into strings on the way. */
final class Octets {

    private static final boolean[] TOKEN = table("!#$%&'*+-.^_`|~0123456789", "az", "AZ");

    /** Printable ASCII without the space. */
    private static final boolean[] VISIBLE = table("", "!~");

    /** RFC 9110 §5.5: bytes of any character set too, and blanks between them. */
    private static final boolean[] VALUE = table(" \t", "!~", "\u0080\u00ff");

    private Octets() {}

    /** Which of the 256 bytes are meant: single ones, and ranges of a first and a last one. */
    static boolean[] table(String singles, String... ranges) {
        var table = new boolean[256];
        singles.chars().forEach(octet -> table[octet] = true);
        for (var range : ranges) {
            Arrays.fill(table, range.charAt(0), range.charAt(1) + 1, true);
        }
        return table;
    }

    /** Where the byte stands first; {@code to} if it does not. */
    static int indexOf(byte octet, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != octet) {
            at++;
        }
        return at;
    }

    /** Where the bytes of a token end, RFC 9110 §5.6.2; {@code to} if all are. */
    static int endOfToken(byte[] bytes, int from, int to) {
        return endOf(TOKEN, bytes, from, to);
    }

    static int endOfVisible(byte[] bytes, int from, int to) {
        return endOf(VISIBLE, bytes, from, to);
    }

    /** Where the bytes of a field's value end, blanks and all. */
    static int endOfValue(byte[] bytes, int from, int to) {
        return endOf(VALUE, bytes, from, to);
    }

    static int endOfBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Where the blanks begin with which these bytes end; {@code to} if there are none. */
    static int startOfBlanks(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && isBlank(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    /** Where the first byte stands that is not in the table; {@code to} if all are. */
    static int endOf(boolean[] table, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && table[bytes[at] & 0xff]) {
            at++;
        }
        return at;
    }

    static boolean equal(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The same without regard to case; the text is in lower case. */
    static boolean equalIgnoringCase(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[start + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list, RFC 9110 §5.6.1, has the token; the token is in lower case. */
    static boolean listHas(byte[] bytes, int start, int end, String token) {
        int comma;
        for (int at = start; at <= end; at = comma + 1) {
            comma = indexOf((byte) ',', bytes, at, end);
            int first = endOfBlanks(bytes, at, comma);
            if (equalIgnoringCase(bytes, first, startOfBlanks(bytes, first, comma), token)) {
                return true;
            }
        }
        return false;
    }

    static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
    }
}
