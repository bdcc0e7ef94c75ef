package drover.admin.logs;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that anybody may have written, as text that steers nothing: UTF-8 as it is, but for bytes that are none and control
 * characters, which become {@code \xNN}, and characters that turn the direction of others, which become {@code \}{@code uNNNN}.
 */
final class LogText {

    /** What is beyond is cut: no line of ours is half as long. */
    static final int LONGEST_BYTES = 16 << 10;

    private static final String CUT = "…";
    private static final int DELETE = 0x7f;
    private static final int LAST_CONTROL = 0x9f;

    private LogText() {}

    static String of(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, LONGEST_BYTES));
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var out = CharBuffer.allocate(in.remaining());
        var text = new StringBuilder();
        while (true) {
            var result = decoder.decode(in, out, /* endOfInput= */ true);
            out.flip().chars().forEach(one -> append(text, (char) one));
            out.clear();
            if (!result.isError()) {
                break;
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(String.format("\\x%02x", in.get() & 0xff));
            }
            decoder.reset();
        }
        return bytes.length > LONGEST_BYTES ? text.append(CUT).toString() : text.toString();
    }

    private static void append(StringBuilder text, char one) {
        boolean control = one < ' ' || (one >= DELETE && one <= LAST_CONTROL);
        if (control && one != '\t') {
            text.append(String.format("\\x%02x", (int) one));
        } else if (turns(one)) {
            text.append(String.format("\\u%04x", (int) one));
        } else {
            text.append(one);
        }
    }

    /** Unicode's explicit directional marks, embeddings, overrides and isolates, and its two line separators. */
    private static boolean turns(char one) {
        return (one >= '\u200e' && one <= '\u200f')
                || (one >= '\u2028' && one <= '\u202e')
                || (one >= '\u2066' && one <= '\u2069')
                || one == '\u061c';
    }
}
