package drover.engine.http;

/** Looks at bytes of a request as what they are: ASCII, never decoded into strings on the way. */
final class Octets {

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Octets() {}

    /** Whether the byte may stand in a token, RFC 9110 §5.6.2. */
    static boolean isToken(byte octet) {
        return octet >= 0 && TOKEN[octet];
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
        int from = start;
        for (int i = start; i <= end; i++) {
            if (i == end || bytes[i] == ',') {
                int first = from;
                int last = i;
                while (first < last && isBlank(bytes[first])) {
                    first++;
                }
                while (last > first && isBlank(bytes[last - 1])) {
                    last--;
                }
                if (equalIgnoringCase(bytes, first, last, token)) {
                    return true;
                }
                from = i + 1;
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
