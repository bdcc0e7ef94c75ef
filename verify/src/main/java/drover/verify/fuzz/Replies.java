package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The responses on a connection, taken apart strictly by RFC 9112 §4 to §6.
 *
 * @param fault what is wrong with them, if anything is
 */
public record Replies(List<Reply> all, Optional<String> fault) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) [\\t\\x20-\\x7e]*");
    private static final Pattern FIELD_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*)");
    private static final String BEGINNING = "HTTP/1.1 ";

    /** One response; informational ones are not among them. */
    public record Reply(int code, boolean saysClose, String body) {}

    /**
     * Takes them apart.
     *
     * @param mayAnswerHead whether a response without a body, whatever its fields say, may be among them; it is then known by
     *     what follows
     * @param cut whether the last one may be incomplete, for its connection was reset
     */
    public static Replies of(byte[] bytes, boolean mayAnswerHead, boolean cut) {
        var text = new String(bytes, ISO_8859_1);
        var replies = new ArrayList<Reply>();
        int at = 0;
        try {
            while (at < text.length()) {
                at = next(text, at, mayAnswerHead, replies);
            }
        } catch (Malformed malformed) {
            var fault = cut && malformed.isShort
                    ? Optional.<String>empty()
                    : Optional.of(malformed.getMessage() + " at byte " + at);
            return new Replies(List.copyOf(replies), fault);
        }
        return new Replies(List.copyOf(replies), Optional.empty());
    }

    private static int next(String text, int at, boolean mayAnswerHead, List<Reply> replies) {
        int headEnd = text.indexOf("\r\n\r\n", at);
        if (headEnd < 0) {
            throw new Malformed("a head without an end", true);
        }
        var lines = text.substring(at, headEnd).split("\r\n", -1);
        var status = STATUS_LINE.matcher(lines[0]);
        if (!status.matches()) {
            throw new Malformed("no status line: " + lines[0], false);
        }
        int code = Integer.parseInt(status.group(1));
        var fields = fields(lines);
        int from = headEnd + 4;
        int to = from + length(code, fields);
        if (mayAnswerHead && (from == text.length() || text.startsWith(BEGINNING, from))) {
            to = from;
        }
        if (to > text.length()) {
            throw new Malformed("a body without its end", true);
        }
        if (code >= 200) {
            require(values(fields, "date").size() == 1, "not one Date");
            boolean close = values(fields, "connection").stream().anyMatch(value -> value.equalsIgnoreCase("close"));
            replies.add(new Reply(code, close, text.substring(from, to)));
        }
        return to;
    }

    private static List<String[]> fields(String... lines) {
        var fields = new ArrayList<String[]>();
        for (int i = 1; i < lines.length; i++) {
            var line = FIELD_LINE.matcher(lines[i]);
            require(line.matches(), "no field line: " + lines[i]);
            fields.add(new String[] {
                line.group(1).toLowerCase(Locale.ROOT), line.group(2).strip()
            });
        }
        return fields;
    }

    private static int length(int code, List<String[]> fields) {
        var lengths = values(fields, "content-length");
        require(values(fields, "transfer-encoding").isEmpty(), "a transfer coding");
        if (code < 200 || code == 204) {
            require(lengths.isEmpty(), "a length for no body");
            return 0;
        }
        if (code == 304) {
            return 0;
        }
        require(lengths.size() == 1 && lengths.getFirst().matches("[0-9]{1,9}"), "not one length: " + lengths);
        return Integer.parseInt(lengths.getFirst());
    }

    private static List<String> values(List<String[]> fields, String name) {
        return fields.stream()
                .filter(field -> field[0].equals(name))
                .map(field -> field[1])
                .toList();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Malformed(otherwise, false);
        }
    }

    private static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1;

        /** More bytes could make it well formed. */
        private final boolean isShort;

        Malformed(String what, boolean isShort) {
            super(what);
            this.isShort = isShort;
        }
    }
}
