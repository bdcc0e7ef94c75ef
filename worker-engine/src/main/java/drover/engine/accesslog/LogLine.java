package drover.engine.accesslog;

import drover.engine.config.AccessLogFormat;
import drover.engine.http.Field;
import drover.engine.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Renders one line. One for each event loop, used again for every line.
 *
 * <p>Whatever a client sends, it is one line of printable ASCII: control bytes, bytes of 0x7f and above, quotes and
 * backslashes become {@code \xNN}, in JSON its escape of four digits. A field is cut where its rendering would be longer than
 * 1 KiB, so that no line is longer than {@value #MAX_BYTES} bytes, which a pipe takes whole or not at all (pipe(7),
 * PIPE_BUF). Only the fields named here are ever written: no Authorization, no Cookie.
 */
public final class LogLine {

    /** The longest line, its newline included. */
    static final int MAX_BYTES = 4096;

    private static final int MAX_FIELD = 1024;
    private static final int MAX_HOST = 256;
    private static final int MAX_USER = 128;
    private static final int MAX_WORD = 32;

    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] CUT = ascii("...");
    private static final byte[] HEX_ESCAPE = ascii("\\x");
    private static final byte[] JSON_ESCAPE = ascii("\\u00");

    private static final DateTimeFormatter CLF_TIME = DateTimeFormatter.ofPattern(
                    "'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter JSON_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final AccessLogFormat format;
    private final int worker;
    private final byte[] escape;
    private final DateTimeFormatter timeFormat;
    private final byte[] line = new byte[MAX_BYTES];
    private int length;

    /** The time of the last line: its rendering changes once a second. */
    private long second = -1;

    private byte[] time = new byte[0];

    public LogLine(AccessLogFormat format, int worker) {
        boolean json = format == AccessLogFormat.JSON;
        this.format = format;
        this.worker = worker;
        this.escape = json ? JSON_ESCAPE : HEX_ESCAPE;
        this.timeFormat = json ? JSON_TIME : CLF_TIME;
    }

    /**
     * Renders a line, its newline included.
     *
     * @param client its address as text, without a port
     * @param user whom the client says that it is, or empty
     * @param connection its number
     * @param nowMillis milliseconds since the epoch
     * @param nanos from the request's first byte until now
     */
    public void render(
            byte[] client,
            String user,
            long connection,
            long nowMillis,
            Request request,
            int status,
            long bodyBytes,
            long nanos) {
        length = 0;
        readTime(nowMillis);
        switch (format) {
            case COMMON -> common(client, user, request, status, bodyBytes);
            case COMBINED -> combined(client, user, request, status, bodyBytes);
            case VCOMBINED -> {
                host(request);
                combined(client, user, request, status, bodyBytes);
            }
            case JSON -> json(client, user, connection, nowMillis, request, status, bodyBytes, nanos);
        }
        text("\n");
    }

    private void readTime(long nowMillis) {
        long now = Math.floorDiv(nowMillis, 1000L);
        if (now != second) {
            second = now;
            time = ascii(timeFormat.format(Instant.ofEpochSecond(now)));
        }
    }

    // ---- the formats of old

    /** Apache's {@code %v:%p}, the host as the client named it; without a port it is the one of http. */
    private void host(Request request) {
        int from = request.hostStart();
        int to = request.hostEnd();
        if (from == to) {
            text("-");
        } else {
            escaped(request.bytes(), from, to, MAX_HOST);
        }
        if (!endsInPort(request.bytes(), from, to)) {
            text(":80");
        }
        text(" ");
    }

    private static boolean endsInPort(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && bytes[at - 1] >= '0' && bytes[at - 1] <= '9') {
            at--;
        }
        return at > from && at < to && bytes[at - 1] == ':' && bytes[to - 1] != ']';
    }

    /** {@code %h %l %u %t "%r" %>s %b}. */
    private void common(byte[] client, String user, Request request, int status, long bodyBytes) {
        raw(client);
        text(" - ");
        user(user);
        text(" ");
        raw(time);
        text(" \"");
        escaped(request.bytes(), request.lineStart(), request.lineEnd(), MAX_FIELD);
        text("\" ");
        number(status);
        text(" ");
        if (bodyBytes == 0) {
            text("-");
        } else {
            number(bodyBytes);
        }
    }

    /** The same and {@code "%{Referer}i" "%{User-agent}i"}. */
    private void combined(byte[] client, String user, Request request, int status, long bodyBytes) {
        common(client, user, request, status, bodyBytes);
        text(" \"");
        field(request, Field.REFERER, "-");
        text("\" \"");
        field(request, Field.USER_AGENT, "-");
        text("\"");
    }

    // ---- JSON: every key in every line, so that a column has one type

    private void json(
            byte[] client,
            String user,
            long connection,
            long nowMillis,
            Request request,
            int status,
            long bodyBytes,
            long nanos) {
        text("{\"ts\":\"");
        raw(time);
        decimals(Math.floorMod(nowMillis, 1000L), 3);
        text("Z\",\"remote_ip\":\"");
        raw(client);
        text("\",\"user\":\"");
        escaped(user, MAX_USER);
        text("\",\"host\":\"");
        escaped(request.bytes(), request.hostStart(), request.hostEnd(), MAX_HOST);
        text("\",\"method\":\"");
        escaped(request.bytes(), request.lineStart(), request.methodEnd(), MAX_WORD);
        text("\",\"uri\":\"");
        escaped(request.bytes(), request.targetStart(), request.targetEnd(), MAX_FIELD);
        text("\",\"proto\":\"");
        escaped(request.bytes(), request.versionStart(), request.lineEnd(), MAX_WORD);
        text("\",\"status\":");
        number(status);
        text(",\"bytes_sent\":");
        number(bodyBytes);
        text(",\"duration\":");
        number(nanos / 1_000_000_000);
        text(".");
        decimals(nanos / 1000 % 1_000_000, 6);
        text(",\"referer\":\"");
        field(request, Field.REFERER, "");
        text("\",\"user_agent\":\"");
        field(request, Field.USER_AGENT, "");
        text("\",\"worker\":");
        number(worker);
        text(",\"conn\":");
        number(connection);
        text("}");
    }

    // ---- what lines are made of

    private void field(Request request, Field field, String absent) {
        if (request.has(field)) {
            escaped(request.bytes(), request.valueStart(field), request.valueEnd(field), MAX_FIELD);
        } else {
            text(absent);
        }
    }

    /** One word in any case, for the columns of old are parted by blanks. */
    private void user(String user) {
        if (user.isEmpty()) {
            text("-");
        } else {
            int from = length;
            escaped(user, MAX_USER);
            for (int at = from; at < length; at++) {
                line[at] = line[at] == ' ' ? (byte) '+' : line[at];
            }
        }
    }

    private void escaped(String text, int most) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        escaped(bytes, 0, bytes.length, most);
    }

    private void escaped(byte[] bytes, int from, int to, int most) {
        int end = length + most - CUT.length;
        for (int at = from; at < to; at++) {
            byte octet = bytes[at];
            boolean plain = octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\';
            if (length + (plain ? 1 : escape.length + 2) > end) {
                raw(CUT);
                return;
            }
            if (plain) {
                line[length++] = octet;
            } else {
                raw(escape);
                line[length++] = HEX[(octet >> 4) & 0xf];
                line[length++] = HEX[octet & 0xf];
            }
        }
    }

    private void number(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        decimals(number, digits);
    }

    /** A number not below 0 with so many digits, zeros in front. */
    private void decimals(long number, int digits) {
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

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
