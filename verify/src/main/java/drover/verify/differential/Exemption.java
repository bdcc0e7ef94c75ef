package drover.verify.differential;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where Drover may be more generous than nginx. Each has its reason; whatever has none here is a fault. It covers a stream only
 * if the same stream without it, and without the others that it makes use of, is none.
 */
enum Exemption {
    /** nginx 1.22 takes a tab before or behind the host for a part of it. */
    TAB_BESIDE_HOST(
            "RFC 9110 §5.6.3: a tab around a field's value is white space and no part of it",
            Pattern.compile(
                    "(?i)(?<=\\nHost:) *\\t[ \\t]*|(?<=\\nHost:[ \\t]{0,9}[^\\s]{0,99})[ \\t]*\\t[ \\t]*(?=\\r\\n)"),
            " "),
    /** nginx 1.22 refuses a second line of these. */
    REPEATED_LIST(
            "RFC 9110 §5.3: a list, as of Expect (§10.1.1) and If-None-Match (§13.1.2), may come in several lines",
            Pattern.compile("(?i)\\n(Expect|If-None-Match):[^\\n]*\\n(?:[^\\r\\n][^\\n]*\\n)*?\\1:[^\\n]*(?=\\n)"),
            "\nX-A: a\r"),
    /** nginx 1.22 knows no asterisk-form. */
    ASTERISK(
            "RFC 9110 §9.3.7: OPTIONS * asks for the server's own options",
            Pattern.compile("(?<=OPTIONS )\\*(?= HTTP/1)"),
            "/");

    private final String why;
    private final Pattern pattern;
    private final String instead;

    Exemption(String why, Pattern pattern, String instead) {
        this.why = why;
        this.pattern = pattern;
        this.instead = instead;
    }

    static Optional<Exemption> of(Compared compared) {
        return Arrays.stream(values())
                .filter(one -> one.pattern.matcher(compared.stream()).find())
                .findFirst();
    }

    /** The stream as it would be if nobody had made use of this. */
    String without(String stream) {
        return pattern.matcher(stream).replaceAll(instead);
    }

    String why() {
        return why;
    }
}
