package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.config.AccessLogFormat;
import drover.engine.http.ContentCoding;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LogLineTest {

    private static final long NOW = Instant.parse("2026-11-23T08:00:00.250Z").toEpochMilli();

    /** The time zone is the machine's, outside of JSON. */
    private static final String TIME = DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss Z']'", Locale.ROOT)
            .withZone(ZoneId.systemDefault())
            .format(Instant.ofEpochMilli(NOW));

    /** As System.nanoTime may be. */
    private static final long NANOS = -1_000_000_000;

    private final Served served = new Served(42, "192.0.2.1");
    private LogLine line = new LogLine(AccessLogFormat.COMBINED, 3);

    @Test
    void a_request_is_one_line_in_the_combined_format() {
        render("GET /a?b HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\nUser-Agent: curl/8\r\n\r\n", 200, 1234);

        assertThat(line.toString())
                .isEqualTo("192.0.2.1 - - " + TIME + " \"GET /a?b HTTP/1.1\" 200 1234 \"http://r/\" \"curl/8\"\n");
    }

    @Test
    void common_ends_behind_the_bytes() {
        line = new LogLine(AccessLogFormat.COMMON, 3);

        render("GET /a HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\n\r\n", 200, 1234);

        assertThat(line.toString()).isEqualTo("192.0.2.1 - - " + TIME + " \"GET /a HTTP/1.1\" 200 1234\n");
    }

    @ParameterizedTest
    @CsvSource({"h.example, h.example:80", "h.example:8080, h.example:8080", "[::1], [::1]:80", "[::1]:81, [::1]:81"})
    void vcombined_begins_with_host_and_port(String host, String logged) {
        line = new LogLine(AccessLogFormat.VCOMBINED, 3);

        render("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 200, 1);

        assertThat(line.toString()).startsWith(logged + " 192.0.2.1 - - [").endsWith(" 200 1 \"-\" \"-\"\n");
    }

    @Test
    void a_space_in_the_host_begins_no_other_column() {
        line = new LogLine(AccessLogFormat.VCOMBINED, 3);

        render("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, 1);

        assertThat(line.toString()).startsWith("a\\x20b:80 192.0.2.1 - - [");
    }

    @Test
    void json_is_one_object_with_every_key() {
        line = new LogLine(AccessLogFormat.JSON, 3);

        render("GET /a?b=\\\" HTTP/1.1\r\nHost: h:8080\r\nUser-Agent: a\"b\\\tc\u00e9\r\n\r\n", 200, 1234);

        assertThat(line.toString()).isEqualTo("""
                {"ts":"2026-11-23T08:00:00.250Z","remote_ip":"192.0.2.1","client_ip":"192.0.2.1","user":"","host":"h:8080",\
                "method":"GET","uri":"/a?b=\\u005c\\u0022","proto":"HTTP/1.1","status":200,"bytes_sent":1234,\
                "duration":0.001500,"ttfb":0.001500,"referer":"","user_agent":"a\\u0022b\\u005c\\u0009c\\u00e9",\
                "worker":3,"conn":42,"range":"","encoding":"","cache":""}
                """);
    }

    @Test
    void json_says_whom_a_proxy_named_what_was_asked_for_and_how_it_was_served() {
        line = new LogLine(AccessLogFormat.JSON, 3);
        served.client("2001:db8:0:0:0:0:0:5".getBytes(ISO_8859_1));
        served.cache(Served.Cache.MISS);
        served.coding(ContentCoding.BR);
        served.begin(NANOS);
        served.firstByte(NANOS + 250_000);

        render("GET / HTTP/1.1\r\nHost: h\r\nRange: bytes=0-99\r\n\r\n", 206, 100);

        assertThat(line.toString())
                .contains("\"remote_ip\":\"192.0.2.1\",\"client_ip\":\"2001:db8:0:0:0:0:0:5\"")
                .contains("\"duration\":0.001500,\"ttfb\":0.000250,")
                .endsWith("\"range\":\"bytes=0-99\",\"encoding\":\"br\",\"cache\":\"miss\"}\n");
    }

    @Test
    void what_was_said_of_one_answer_is_forgotten_with_it() {
        line = new LogLine(AccessLogFormat.JSON, 3);
        served.cache(Served.Cache.HIT);
        served.coding(ContentCoding.GZIP);
        served.user("ann".getBytes(ISO_8859_1));
        served.begin(NANOS - 7_000_000_000L);
        served.firstByte(NANOS);

        served.clear();
        render("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 404, 0);

        assertThat(line.toString()).contains("\"ttfb\":0.001500,").endsWith("\"encoding\":\"\",\"cache\":\"\"}\n");
    }

    @Test
    void the_client_and_the_user_are_those_of_the_request() {
        served.client("203.0.113.5".getBytes(ISO_8859_1));
        served.user("a \"b\"\n\u00e9".getBytes(ISO_8859_1));

        render("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, 1);

        assertThat(line.toString()).startsWith("203.0.113.5 - a\\x20\\x22b\\x22\\x0a\\xe9 [");
    }

    @Test
    void what_could_not_be_read_is_empty_in_json() {
        line = new LogLine(AccessLogFormat.JSON, 3);

        render("\r\n\r\nBREW /pot\r\n", 400, 0);

        assertThat(line.toString())
                .contains("\"host\":\"\",\"method\":\"\",\"uri\":\"\",\"proto\":\"\",\"status\":400");
    }

    @ParameterizedTest
    @EnumSource(AccessLogFormat.class)
    void no_line_is_longer_than_a_pipe_takes_whole(AccessLogFormat format) {
        line = new LogLine(format, 64);
        var hostile = "\u00ff".repeat(4000);
        served.client("ffff:".repeat(7).concat("ffff").getBytes(ISO_8859_1));
        served.user(hostile.getBytes(ISO_8859_1));

        render(
                "M".repeat(4000) + " /" + "\"".repeat(4000) + " HTTP/1.1\r\nHost: " + "h".repeat(253)
                        + ":65535\r\nRange: " + hostile + "\r\nReferer: " + hostile + "\r\nUser-Agent: " + hostile
                        + "\r\n\r\n",
                503,
                Long.MAX_VALUE);

        assertThat(line.length()).isLessThanOrEqualTo(4096);
    }

    @ParameterizedTest
    @EnumSource(AccessLogFormat.class)
    void secrets_are_never_logged(AccessLogFormat format) {
        line = new LogLine(format, 3);

        render("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic hush\r\nCookie: a=hush\r\n\r\n", 200, 1);

        assertThat(line.toString()).doesNotContain("hush");
    }

    @Test
    void absent_fields_and_no_bytes_are_dashes() {
        render("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 304, 0);

        assertThat(line.toString()).endsWith("\"GET / HTTP/1.1\" 304 - \"-\" \"-\"\n");
    }

    @Test
    void no_byte_a_client_sends_can_begin_another_line_or_end_its_quotes() {
        var everyByte = new StringBuilder();
        for (char octet = 1; octet < 256; octet++) {
            if (octet != '\r' && octet != '\n' && octet != 0x7f && (octet >= ' ' || octet == '\t')) {
                everyByte.append(octet);
            }
        }
        render("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: x" + everyByte + "x\r\n\r\n", 200, 1);

        var text = line.toString();

        assertThat(text).endsWith("\n").matches("[\\x20-\\x7e]+\\n");
        assertThat(text).contains("\\x09", "\\x22", "\\x5c", "\\xff");
        assertThat(text.chars().filter(c -> c == '"').count()).isEqualTo(6);
    }

    @Test
    void a_long_field_is_cut_with_a_mark() {
        render("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + "\u00ff".repeat(8000) + "\r\n\r\n", 200, 1);

        assertThat(line.toString()).endsWith("\\xff...\"\n");
        assertThat(line.length()).isLessThan(5_000);
    }

    @Test
    void a_user_is_one_word_whatever_it_is_called() {
        served.user("an na\"] \u00e9".getBytes(StandardCharsets.UTF_8));

        render("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic c2VjcmV0\r\n\r\n", 200, 1);

        assertThat(line.toString())
                .startsWith("192.0.2.1 - an\\x20na\\x22]\\x20\\xc3\\xa9 [")
                .doesNotContain("c2VjcmV0");
    }

    private void render(String head, int code, long bytes) {
        served.begin(NANOS);
        served.end(code, bytes, NANOS + 1_500_400);
        line.render(request(head), served, NOW);
    }

    private static Request request(String head) {
        var parser = new RequestParser();
        byte[] bytes = head.getBytes(ISO_8859_1);
        parser.feed(bytes, 0, bytes.length);
        return parser.request();
    }
}
