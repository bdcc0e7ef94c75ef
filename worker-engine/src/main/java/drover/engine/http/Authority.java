package drover.engine.http;

/** What may name a host and its port, RFC 3986 §3.2.2 without user information. Allocates nothing. */
final class Authority {

    private static final int GROUPS = 8;
    private static final int MOST_GROUP_DIGITS = 4;
    private static final int NUMBERS = 4;
    private static final int GREATEST_NUMBER = 255;

    private static final boolean[] NAME = Octets.table(".-_", "az", "AZ", "09");

    private Authority() {}

    /**
     * Whether this is a name without empty labels (but for the last, RFC 1034 §3.1), or an address; then perhaps a port. Or
     * nothing at all, which is what HTTP/1.0 says without Host.
     */
    static boolean isHost(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        if (bytes[from] == '[') {
            int end = from + 1;
            while (end < to && bytes[end] != ']') {
                end++;
            }
            return end < to && isIpv6(bytes, from + 1, end) && isPort(bytes, end + 1, to);
        }
        int at = Octets.endOf(NAME, bytes, from, to);
        for (int i = from; i < at; i++) {
            if (bytes[i] == '.' && (i == from || bytes[i - 1] == '.')) {
                return false;
            }
        }
        // RFC 9110 §4.2.1: a port alone is no host.
        return at > from && isPort(bytes, at, to);
    }

    /** Nothing, or a colon and perhaps digits. */
    private static boolean isPort(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        int at = from + 1;
        while (at < to && isDigit(bytes[at])) {
            at++;
        }
        return bytes[from] == ':' && at == to;
    }

    /** Eight groups, or fewer around one {@code ::}; an IPv4 address at the end stands for two. */
    private static boolean isIpv6(byte[] bytes, int from, int to) {
        int at = from;
        int groups = 0;
        boolean shortened = to - from >= 2 && bytes[from] == ':' && bytes[from + 1] == ':';
        if (shortened) {
            at += 2;
        }
        while (at < to) {
            int begin = at;
            while (at < to && isHexDigit(bytes[at])) {
                at++;
            }
            if (at < to && bytes[at] == '.') {
                return isIpv4(bytes, begin, to) && isWhole(groups + 2, shortened);
            }
            if (at == begin || at - begin > MOST_GROUP_DIGITS) {
                return false;
            }
            groups++;
            if (at == to) {
                break;
            }
            if (bytes[at] != ':' || ++at == to) {
                return false;
            }
            if (bytes[at] == ':') {
                if (shortened) {
                    return false;
                }
                shortened = true;
                at++;
            }
        }
        return isWhole(groups, shortened);
    }

    private static boolean isWhole(int groups, boolean shortened) {
        return shortened ? groups < GROUPS : groups == GROUPS;
    }

    /** Four numbers without leading zeros. */
    private static boolean isIpv4(byte[] bytes, int from, int to) {
        int at = from;
        for (int number = 1; number <= NUMBERS; number++) {
            int begin = at;
            int value = 0;
            while (at < to && isDigit(bytes[at]) && value <= GREATEST_NUMBER) {
                value = value * 10 + bytes[at] - '0';
                at++;
            }
            if (at == begin || value > GREATEST_NUMBER || (bytes[begin] == '0' && at > begin + 1)) {
                return false;
            }
            if (number < NUMBERS) {
                if (at == to || bytes[at] != '.') {
                    return false;
                }
                at++;
            }
        }
        return at == to;
    }

    private static boolean isHexDigit(byte octet) {
        byte lower = Octets.lower(octet);
        return (lower >= 'a' && lower <= 'f') || isDigit(octet);
    }

    private static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }
}
