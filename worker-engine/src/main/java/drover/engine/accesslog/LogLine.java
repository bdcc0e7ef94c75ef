package drover.engine.accesslog;

import drover.engine.http.Field;
import drover.engine.http.Request;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Renders one line in the {@code combined} format: {@code %h - - %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"}. Whatever
 * a client sends is one line of printable ASCII: control bytes, bytes of 0x7f and above, quotes and backslashes become
 * {@code \xNN}, and a field is cut at 1 KiB. One for each event loop, used again for every line.
 */
public final class LogLine {

    private static final int MAX_FIELD = 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CUT = "...".getBytes(StandardCharsets.US_ASCII);

    /** Three fields, each byte escaped to four, and what stands between them. */
    private final byte[] line = new byte[3 * (4 * MAX_FIELD + CUT.length) + 256];

    private int length;

    /** Renders a line, its newline included. */
    public void render(InetAddress client, byte[] time, Request request, int status, long bodyBytes) {
        length = 0;
        text(client.getHostAddress());
        text(" - - ");
        raw(time);
        text(" \"");
        escaped(request.bytes(), request.lineStart(), request.lineEnd());
        text("\" ");
        number(status);
        text(" ");
        if (bodyBytes == 0) {
            text("-");
        } else {
            number(bodyBytes);
        }
        field(request, Field.REFERER);
        field(request, Field.USER_AGENT);
        text("\n");
    }

    private void field(Request request, Field field) {
        text(" \"");
        if (request.has(field)) {
            escaped(request.bytes(), request.valueStart(field), request.valueEnd(field));
        } else {
            text("-");
        }
        text("\"");
    }

    private void escaped(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + MAX_FIELD);
        for (int at = from; at < end; at++) {
            byte octet = bytes[at];
            if (octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\') {
                line[length++] = octet;
            } else {
                line[length++] = '\\';
                line[length++] = 'x';
                line[length++] = HEX[(octet >> 4) & 0xf];
                line[length++] = HEX[octet & 0xf];
            }
        }
        if (end < to) {
            raw(CUT);
        }
    }

    private void number(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            line[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void text(String text) {
        for (int i = 0; i < text.length(); i++) {
            line[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] bytes) {
        System.arraycopy(bytes, 0, line, length, bytes.length);
        length += bytes.length;
    }

    public byte[] bytes() {
        return line;
    }

    public int length() {
        return length;
    }

    @Override
    public String toString() {
        return new String(line, 0, length, StandardCharsets.US_ASCII);
    }
}
