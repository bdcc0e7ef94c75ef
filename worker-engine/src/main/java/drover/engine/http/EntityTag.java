package drover.engine.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tells one content of a resource from all others, RFC 9110 §8.8.3. */
public record EntityTag(String opaque, boolean weak) {

    private static final String WEAK = "W/";

    /** Reads one tag: {@code "xyzzy"} or {@code W/"xyzzy"}. */
    public static Optional<EntityTag> parse(String text) {
        var tags = parseList(text);
        return tags.size() == 1 && text.endsWith("\"") && !text.startsWith(",")
                ? Optional.of(tags.getFirst())
                : Optional.empty();
    }

    /** Reads a list of tags; one that is malformed anywhere has none, for who knows what its sender meant. */
    public static List<EntityTag> parseList(String text) {
        var tags = new ArrayList<EntityTag>();
        boolean separated = true;
        int at = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == ',') {
                separated = true;
                at++;
            } else if (next == ' ' || next == '\t') {
                at++;
            } else {
                boolean weak = text.startsWith(WEAK, at);
                int open = weak ? at + WEAK.length() : at;
                int close = closingQuote(text, open);
                if (!separated || close < 0) {
                    return List.of();
                }
                tags.add(new EntityTag(text.substring(open + 1, close), weak));
                separated = false;
                at = close + 1;
            }
        }
        return List.copyOf(tags);
    }

    /** Where the quoted text ends that begins here, or −1. A backslash is a byte like any other. */
    private static int closingQuote(String text, int open) {
        if (open >= text.length() || text.charAt(open) != '"') {
            return -1;
        }
        int at = open + 1;
        while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) != '"' && text.charAt(at) != 0x7f) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '"' ? at : -1;
    }

    /** Whether both stand for the same bytes, RFC 9110 §8.8.3.2. */
    boolean isStronglyEqual(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /** Whether one content may be taken for the other. */
    boolean isWeaklyEqual(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    /** Whether the bytes are this tag as it is sent and nothing else, which most conditions are; allocates nothing. */
    boolean isAll(byte[] bytes, int from, int to) {
        int open = weak ? from + WEAK.length() : from;
        if (to - open != opaque.length() + 2 || bytes[open] != '"' || bytes[to - 1] != '"') {
            return false;
        }
        for (int i = 0; i < opaque.length(); i++) {
            if (bytes[open + 1 + i] != opaque.charAt(i)) {
                return false;
            }
        }
        return !weak || Octets.equal(bytes, from, open, WEAK);
    }

    /** As it is sent. */
    @Override
    public String toString() {
        return (weak ? WEAK : "") + '"' + opaque + '"';
    }
}
