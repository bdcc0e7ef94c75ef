package drover.engine.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.Parsing.Complete;
import drover.engine.http.Parsing.Malformed;
import drover.engine.http.Parsing.NeedMore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

    private final RequestParser parser = new RequestParser();

    @Test
    void a_request_is_parsed_into_its_parts() {
        var result = parse("GET /a/b.html?q=1 HTTP/1.1\r\nHost: Example.org:8080\r\nUser-Agent:  curl/8 \r\n\r\n");

        var request = parser.request();
        assertThat(result).isInstanceOf(Complete.class);
        assertThat(request.method()).isEqualTo(Method.GET);
        assertThat(request.http11()).isTrue();
        assertThat(request.keepAlive()).isTrue();
        assertThat(text(request.pathStart(), request.pathEnd())).isEqualTo("/a/b.html");
        assertThat(text(request.pathEnd(), request.queryEnd())).isEqualTo("?q=1");
        assertThat(text(request.hostStart(), request.hostEnd())).isEqualTo("Example.org:8080");
        assertThat(text(request.valueStart(Field.USER_AGENT), request.valueEnd(Field.USER_AGENT)))
                .isEqualTo("curl/8");
        assertThat(request.toString()).isEqualTo("GET /a/b.html?q=1 HTTP/1.1");
    }

    @Test
    void a_head_split_at_any_byte_parses_the_same() {
        byte[] head =
                "\r\nHEAD /x HTTP/1.1\r\nHost: h\r\nConnection: a, Close\r\nReferer: r\r\n\r\n".getBytes(ISO_8859_1);

        for (int split = 0; split < head.length; split++) {
            var parser = new RequestParser();
            assertThat(parser.feed(head, 0, split)).isInstanceOf(NeedMore.class);
            // Between two reads the bytes are moved, as a connection does.
            byte[] moved = new byte[head.length + 7];
            System.arraycopy(head, 0, moved, 7, head.length);

            var result = parser.feed(moved, 7, moved.length);

            assertThat(result).as("split at %d", split).isEqualTo(new Complete(moved.length));
            assertThat(parser.request().method()).isEqualTo(Method.HEAD);
            assertThat(parser.request().keepAlive()).isFalse();
            assertThat(parser.request().toString()).isEqualTo("HEAD /x HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%1$s\u0001 HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nReferer: %1$s%1$s\u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nX%1$s%1$s : a\r\n\r\n",
                "%1$s%1$s\u0001"
            })
    void a_head_with_two_faults_is_refused_for_the_same_whatever_pieces_it_arrives_in(String format) {
        byte[] head = format.formatted("a".repeat(RequestParser.MAX_REQUEST_LINE + 10))
                .getBytes(ISO_8859_1);
        var byBytes = new RequestParser();
        Parsing result = new NeedMore();

        for (int end = 1; end <= head.length && result instanceof NeedMore; end++) {
            result = byBytes.feed(head, 0, end);
        }

        assertThat(result).isInstanceOf(Malformed.class).isEqualTo(parser.feed(head, 0, head.length));
    }

    @Test
    void a_pipelined_request_begins_where_the_first_one_ends() {
        byte[] both = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
        int end = ((Complete) parser.feed(both, 0, both.length)).end();
        parser.reset();

        var second = parser.feed(both, end, both.length);

        assertThat(second).isEqualTo(new Complete(both.length));
        assertThat(parser.request().toString()).isEqualTo("GET /2 HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nHost: h\r\n\r\n", // bare LF
                "GET / HTTP/1.1\rHost: h\r\n\r\n", // bare CR
                "GET / HTTP/1.1\r\nHost: h\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", // obs-fold
                "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : h\r\n\r\n", // space before the colon
                "GET / HTTP/1.1\r\nHost: h\r\n: empty name\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA: \0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nA\u00e4: b\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /\r\n\r\n", // HTTP/0.9
                "GET / http/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/11\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.10\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: h\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n", // no Host
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@h\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /#fragment HTTP/1.1\r\nHost: h\r\n\r\n",
                "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            })
    void what_is_malformed_or_could_be_read_in_two_ways_is_refused(String head) {
        var result = parse(head);

        assertThat(result)
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.status()).isEqualTo(Status.BAD_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', true",
        "HTTP/1.1, close, false",
        "HTTP/1.1, 'x, CLOSE ,y', false",
        "HTTP/1.1, 'keep-alive, close', false",
        "HTTP/1.9, '', true",
        "HTTP/1.0, '', false",
        "HTTP/1.0, Keep-Alive, true",
        "HTTP/1.0, 'keep-alive, close', false",
    })
    void a_connection_persists_as_its_version_and_its_field_say(String version, String connection, boolean persists) {
        var field = connection.isEmpty() ? "" : "Connection: " + connection + "\r\n";

        parse("GET / " + version + "\r\nHost: h\r\n" + field + "\r\n");

        assertThat(parser.request().keepAlive()).isEqualTo(persists);
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://Other:81/p?q HTTP/1.1, Other:81, /p, ?q",
        "GET HTTP://other HTTP/1.1, other, '', ''",
        "GET http://other?q HTTP/1.1, other, '', ?q",
        "OPTIONS * HTTP/1.1, h, '', ''",
        "GET //x HTTP/1.1, h, //x, ''",
    })
    void each_form_of_target_gives_host_path_and_query(String line, String host, String path, String query) {
        var result = parse(line + "\r\nHost: h\r\n\r\n");

        var request = parser.request();
        assertThat(result).isInstanceOf(Complete.class);
        assertThat(text(request.hostStart(), request.hostEnd())).isEqualTo(host);
        assertThat(text(request.pathStart(), request.pathEnd())).isEqualTo(path);
        assertThat(text(request.pathEnd(), request.queryEnd())).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "PRI * HTTP/2.0, HTTP_VERSION_NOT_SUPPORTED",
        "GET / HTTP/3.1, HTTP_VERSION_NOT_SUPPORTED",
    })
    void another_major_version_is_not_spoken(String line, Status status) {
        var result = parse(line + "\r\n\r\n");

        assertThat(result)
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.status()).isEqualTo(status));
    }

    @Test
    void an_unknown_transfer_coding_is_not_implemented() {
        var result = parse("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");

        assertThat(result)
                .isInstanceOfSatisfying(
                        Malformed.class,
                        malformed -> assertThat(malformed.status()).isEqualTo(Status.NOT_IMPLEMENTED));
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 0, false", "Content-Length: 000, false", "Content-Length: 7, true"})
    void a_body_is_announced_by_its_length(String field, boolean announced) {
        parse("POST / HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n");

        assertThat(parser.request().bodyAnnounced()).isEqualTo(announced);
    }

    @Test
    void a_request_line_of_more_than_8_kib_is_too_long_however_it_arrives() {
        var longest = "GET /" + "a".repeat(RequestParser.MAX_REQUEST_LINE - "GET /".length());

        assertThat(parse(longest + " HTTP/1.1\r\nHost: h\r\n\r\n")).isInstanceOf(Complete.class);
        assertThat(parse(longest + "a HTTP/1.1\r\nHost: h\r\n\r\n")).isEqualTo(refusal(Status.URI_TOO_LONG));
        assertThat(parse(longest + "aa")).isEqualTo(refusal(Status.URI_TOO_LONG));
    }

    @Test
    void a_hundred_fields_are_enough() {
        var head = "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(RequestParser.MAX_FIELDS - 1);

        assertThat(parse(head + "\r\n")).isInstanceOf(Complete.class);
        assertThat(parse(head + "A: b\r\n\r\n")).isEqualTo(refusal(Status.REQUEST_HEADER_FIELDS_TOO_LARGE));
    }

    @Test
    void a_head_of_more_than_16_kib_is_too_large_before_its_end_is_seen() {
        var head = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
        var longest = head + "b".repeat(RequestParser.MAX_HEAD - head.length() - 4);

        assertThat(parse(longest + "\r\n\r\n")).isInstanceOf(Complete.class);
        assertThat(parse(longest + "b\r\n\r\n")).isEqualTo(refusal(Status.REQUEST_HEADER_FIELDS_TOO_LARGE));
        assertThat(parse(longest + "bbbbb")).isEqualTo(refusal(Status.REQUEST_HEADER_FIELDS_TOO_LARGE));
    }

    private Parsing parse(String head) {
        parser.reset();
        byte[] bytes = head.getBytes(ISO_8859_1);
        // Random garbage behind the end must not matter.
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 3);
        var result = parser.feed(padded, 0, bytes.length);
        return result instanceof Malformed(Status status, String _) && status != Status.BAD_REQUEST
                ? refusal(status)
                : result;
    }

    private static Malformed refusal(Status status) {
        return new Malformed(status, "");
    }

    private String text(int from, int to) {
        return new String(parser.request().bytes(), from, to - from, ISO_8859_1);
    }
}
