package drover.engine.conformance;

import drover.engine.conformance.Reply.Field;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes responses from the bytes of a connection, one after the other, and holds their form against RFC 9112. */
final class ReplyReader {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5]\\d\\d) [\\t\\x20-\\x7e]*");
    private static final Pattern FIELD_LINE = Pattern.compile(
            "([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x21-\\xff](?:[\\t\\x20-\\xff]*[\\x21-\\xff])?)?[ \\t]*");
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String bytes;
    private int at;

    ReplyReader(byte[] bytes) {
        this.bytes = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The bytes that no response was made of. */
    String rest() {
        return bytes.substring(at);
    }

    /**
     * The next response, if it is there to its end.
     *
     * @param ended whether no more bytes will come, so that a body without a length is at its end
     */
    Optional<Reply> next(boolean head, boolean ended) {
        int headEnd = bytes.indexOf("\r\n\r\n", at);
        if (headEnd < 0) {
            return Optional.empty();
        }
        var faults = new ArrayList<String>();
        var lines = bytes.substring(at, headEnd).split("\r\n", -1);
        var statusLine = STATUS_LINE.matcher(lines[0]);
        if (!statusLine.matches()) {
            return Optional.empty();
        }
        int code = Integer.parseInt(statusLine.group(1));
        var fields = fields(lines, faults);
        var reply = new Reply(code, fields, "", faults);
        if (code >= 200) {
            checkDate(reply);
        }
        return body(reply, headEnd + 4, head, ended);
    }

    private static List<Field> fields(String[] lines, List<String> faults) {
        var fields = new ArrayList<Field>();
        for (int i = 1; i < lines.length; i++) {
            var line = FIELD_LINE.matcher(lines[i]);
            if (line.matches()) {
                fields.add(new Field(
                        line.group(1), Optional.ofNullable(line.group(2)).orElse("")));
            } else {
                faults.add("malformed field line " + lines[i]);
            }
        }
        return fields;
    }

    /** RFC 9110 §6.6.1 and §5.6.7. */
    private static void checkDate(Reply reply) {
        var dates = reply.values("Date");
        if (dates.size() != 1) {
            reply.faults().add(dates.size() + " Date fields");
            return;
        }
        if (isDate(dates.getFirst()) && !isNow(dates.getFirst())) {
            reply.faults().add("Date is off: " + dates.getFirst());
        }
        for (var name : List.of("Date", "Last-Modified")) {
            reply.values(name).forEach(value -> {
                if (!isDate(value)) {
                    reply.faults().add(name + " is no IMF-fixdate: " + value);
                }
            });
        }
    }

    private static boolean isNow(String date) {
        var off = Duration.between(Instant.from(IMF_FIXDATE.parse(date)), Instant.now());
        return off.abs().toSeconds() < 5;
    }

    private static boolean isDate(String value) {
        try {
            return IMF_FIXDATE.format(IMF_FIXDATE.parse(value)).equals(value);
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    /** RFC 9112 §6.3. */
    private Optional<Reply> body(Reply reply, int from, boolean head, boolean ended) {
        var lengths = reply.values("Content-Length");
        var codings = reply.values("Transfer-Encoding");
        boolean never = reply.code() < 200 || reply.code() == 204;
        if (lengths.size() > 1 || (lengths.size() == 1 && codings.size() > 0)) {
            reply.faults().add("more than one length");
        }
        if (never && (!lengths.isEmpty() || !codings.isEmpty())) {
            reply.faults().add("a length for a body that a " + reply.code() + " cannot have");
        }
        if (head || never || reply.code() == 304) {
            return taken(reply, from, from);
        }
        if (!codings.isEmpty()) {
            return chunked(reply, from);
        }
        if (lengths.isEmpty()) {
            return ended ? taken(reply, from, bytes.length()) : Optional.empty();
        }
        if (!lengths.getFirst().matches("\\d{1,9}")) {
            reply.faults().add("Content-Length is " + lengths.getFirst());
            return taken(reply, from, bytes.length());
        }
        int to = from + Integer.parseInt(lengths.getFirst());
        return to <= bytes.length() ? taken(reply, from, to) : Optional.empty();
    }

    private Optional<Reply> taken(Reply reply, int from, int to) {
        at = to;
        return Optional.of(new Reply(reply.code(), reply.fields(), bytes.substring(from, to), reply.faults()));
    }

    private Optional<Reply> chunked(Reply reply, int from) {
        var body = new StringBuilder();
        for (int chunk = from; ; ) {
            int lineEnd = bytes.indexOf("\r\n", chunk);
            if (lineEnd < 0) {
                return Optional.empty();
            }
            int size = Integer.parseInt(bytes.substring(chunk, lineEnd), 16);
            int end = lineEnd + 2 + size + 2;
            if (end > bytes.length()) {
                return Optional.empty();
            }
            if (size == 0) {
                at = end;
                return Optional.of(new Reply(reply.code(), reply.fields(), body.toString(), reply.faults()));
            }
            body.append(bytes, lineEnd + 2, end - 2);
            chunk = end;
        }
    }
}
