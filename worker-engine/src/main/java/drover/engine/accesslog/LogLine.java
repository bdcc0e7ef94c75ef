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
    /** Of a method, a version, a user, a range: what is longer is not meant well. */
    private static final int MAX_SHORT = 64;

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
     * @param nowMillis milliseconds since the epoch
     */
    public void render(Request request, Served served, long nowMillis) {
        length = 0;
        readTime(nowMillis);
        switch (format) {
            case COMMON -> common(request, served);
            case COMBINED -> combined(request, served);
            case VCOMBINED -> {
                host(request);
                combined(request, served);
            }
            case JSON -> json(request, served, nowMillis);
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
            word(request.bytes(), from, to, MAX_HOST);
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
    private void common(Request request, Served served) {
        raw(served.client());
        text(" - ");
        if (served.user().length == 0) {
            text("-");
        } else {
            word(served.user(), 0, served.user().length, MAX_SHORT);
        }
        text(" ");
        raw(time);
        text(" \"");
        escaped(request.bytes(), request.lineStart(), request.lineEnd(), MAX_FIELD);
        text("\" ");
        number(served.status());
        text(" ");
        if (served.bodyBytes() == 0) {
            text("-");
        } else {
            number(served.bodyBytes());
        }
    }

    /** The same and {@code "%{Referer}i" "%{User-agent}i"}. */
    private void combined(Request request, Served served) {
        common(request, served);
        text(" \"");
        field(request, Field.REFERER, MAX_FIELD, "-");
        text("\" \"");
        field(request, Field.USER_AGENT, MAX_FIELD, "-");
        text("\"");
    }

    // ---- JSON: every key in every line, so that a column has one type

    private void json(Request request, Served served, long nowMillis) {
        text("{\"ts\":\"");
        raw(time);
        decimals(Math.floorMod(nowMillis, 1000L), 3);
        text("Z\",\"remote_ip\":\"");
        raw(served.remote());
        text("\",\"client_ip\":\"");
        raw(served.client());
        text("\",\"user\":\"");
        escaped(served.user(), 0, served.user().length, MAX_SHORT);
        text("\",\"host\":\"");
        escaped(request.bytes(), request.hostStart(), request.hostEnd(), MAX_HOST);
        text("\",\"method\":\"");
        escaped(request.bytes(), request.lineStart(), request.methodEnd(), MAX_SHORT);
        text("\",\"uri\":\"");
        escaped(request.bytes(), request.targetStart(), request.targetEnd(), MAX_FIELD);
        text("\",\"proto\":\"");
        escaped(request.bytes(), request.versionStart(), request.lineEnd(), MAX_SHORT);
        text("\",\"status\":");
        number(served.status());
        text(",\"bytes_sent\":");
        number(served.bodyBytes());
        text(",\"duration\":");
        seconds(served.durationNanos());
        text(",\"ttfb\":");
        seconds(served.firstByteAfterNanos());
        text(",\"referer\":\"");
        field(request, Field.REFERER, MAX_FIELD, "");
        text("\",\"user_agent\":\"");
        field(request, Field.USER_AGENT, MAX_FIELD, "");
        text("\",\"worker\":");
        number(worker);
        text(",\"conn\":");
        number(served.connection());
        text(",\"range\":\"");
        field(request, Field.RANGE, MAX_SHORT, "");
        text("\",\"encoding\":\"");
        text(served.coding());
        text("\",\"cache\":\"");
        text(served.cache());
        text("\"}");
    }

    private void seconds(long nanos) {
        number(nanos / 1_000_000_000);
        text(".");
        decimals(nanos / 1000 % 1_000_000, 6);
    }

    // ---- what lines are made of

    private void field(Request request, Field field, int most, String absent) {
        if (request.has(field)) {
            escaped(request.bytes(), request.valueStart(field), request.valueEnd(field), most);
        } else {
            text(absent);
        }
    }

    /** Within quotes. */
    private void escaped(byte[] bytes, int from, int to, int most) {
        escaped(bytes, from, to, most, ' ');
    }

    /** Without quotes, where a space would begin another column. */
    private void word(byte[] bytes, int from, int to, int most) {
        escaped(bytes, from, to, most, '!');
    }

    private void escaped(byte[] bytes, int from, int to, int most, char firstPlain) {
        int end = length + most - CUT.length;
        for (int at = from; at < to; at++) {
            byte octet = bytes[at];
            boolean plain = octet >= firstPlain && octet < 0x7f && octet != '"' && octet != '\\';
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
