package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private static final byte[] TIME = "[23/Nov/2026:08:00:00 +0000]".getBytes(US_ASCII);

    private final LogLine line = new LogLine();

    @Test
    void a_request_is_one_line_in_the_combined_format() throws UnknownHostException {
        render("GET /a?b HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\nUser-Agent: curl/8\r\n\r\n", 200, 1234);

        assertThat(line.toString())
                .isEqualTo(
                        "192.0.2.1 - - [23/Nov/2026:08:00:00 +0000] \"GET /a?b HTTP/1.1\" 200 1234 \"http://r/\" \"curl/8\"\n");
    }

    @Test
    void absent_fields_and_no_bytes_are_dashes() throws UnknownHostException {
        render("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 304, 0);

        assertThat(line.toString()).endsWith("\"GET / HTTP/1.1\" 304 - \"-\" \"-\"\n");
    }

    @Test
    void no_byte_a_client_sends_can_begin_another_line_or_end_its_quotes() throws UnknownHostException {
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
    void a_long_field_is_cut_with_a_mark() throws UnknownHostException {
        render("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + "\u00ff".repeat(8000) + "\r\n\r\n", 200, 1);

        assertThat(line.toString()).endsWith("\\xff...\"\n");
        assertThat(line.length()).isLessThan(5_000);
    }

    private void render(String head, int code, long bytes) throws UnknownHostException {
        var client = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        line.render(client, TIME, request(head), code, bytes);
    }

    private static Request request(String head) {
        var parser = new RequestParser();
        byte[] bytes = head.getBytes(ISO_8859_1);
        parser.feed(bytes, 0, bytes.length);
        return parser.request();
    }
}
