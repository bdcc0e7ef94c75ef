package drover.engine.respond;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Representation;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ByteRange;
import drover.engine.http.Parsing;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Delivery.Fields;
import drover.engine.respond.Delivery.Multipart;
import drover.engine.respond.Delivery.NotModified;
import drover.engine.respond.Delivery.Refused;
import drover.engine.respond.Delivery.Slice;
import drover.engine.respond.Delivery.Whole;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileDeliveryTest {

    private static final String TEXT = "0123456789";

    @TempDir
    Path directory;

    private Representation file;
    private Representation empty;
    private final long now = Instant.now().getEpochSecond() + 60;

    @BeforeEach
    void createFiles() throws IOException {
        file = represent("file.txt", TEXT);
        empty = represent("empty.txt", "");
    }

    private Representation represent(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        var root = new DocumentRoot(new FileCache(1 << 20, 16));
        return ((Found) root.look(
                        new Site("default", directory), ("/" + name).getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY))
                .content()
                .representation();
    }

    @Test
    void a_plain_request_gets_the_whole_file_or_its_fields() {
        assertThat(get()).isEqualTo(new Whole());
        assertThat(head()).isEqualTo(new Fields());
    }

    @Test
    void conditions_hold_for_get_and_head() {
        assertThat(get("If-None-Match: " + etag())).isEqualTo(new NotModified());
        assertThat(head("If-None-Match: " + etag())).isEqualTo(new NotModified());
        assertThat(((Refused) get("If-Match: \"other\"")).status()).isEqualTo(Status.PRECONDITION_FAILED);
        assertThat(((Refused) head("If-Match: \"other\"")).status()).isEqualTo(Status.PRECONDITION_FAILED);
    }

    @Test
    void conditions_come_before_ranges() {
        assertThat(get("Range: bytes=0-1", "If-None-Match: " + etag())).isEqualTo(new NotModified());
        assertThat(get("Range: bytes=99-", "If-Match: \"other\"")).isInstanceOf(Refused.class);
        assertThat(get("Range: bytes=0-1", "If-None-Match: \"other\"")).isInstanceOf(Slice.class);
    }

    @Test
    void one_range_is_a_slice() {
        var slice = (Slice) get("Range: bytes=2-4");

        assertThat(slice.range()).isEqualTo(new ByteRange(2, 5));
        assertThat(text(slice.fields()))
                .isEqualTo("Content-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"
                        + "Content-Range: bytes 2-4/10\r\n" + text(file.validatorFields()));
    }

    @Test
    void several_ranges_that_join_are_a_slice() {
        assertThat(((Slice) get("Range: bytes=0-4,5-9")).range()).isEqualTo(new ByteRange(0, 10));
    }

    @Test
    void several_ranges_are_parts_between_boundaries() {
        var multipart = (Multipart) get("Range: bytes=7-,0-1");

        var fields = text(multipart.fields());
        var boundary = fields.replaceFirst("(?s).*boundary=([0-9a-f]{32})\r\n.*", "$1");
        var part = "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
        assertThat(body(multipart))
                .isEqualTo(part + "7-9/10\r\n\r\n789\r\n" + part + "0-1/10\r\n\r\n01\r\n--" + boundary + "--\r\n");
        assertThat(fields)
                .isEqualTo("Content-Type: multipart/byteranges; boundary=" + boundary + "\r\nContent-Length: "
                        + body(multipart).length() + "\r\n" + text(file.validatorFields()));
    }

    @Test
    void no_two_responses_share_a_boundary() {
        var first = (Multipart) get("Range: bytes=7-,0-1");
        var second = (Multipart) get("Range: bytes=7-,0-1");

        assertThat(text(first.fields())).isNotEqualTo(text(second.fields()));
    }

    @Test
    void what_is_not_there_is_refused_with_the_length() {
        var refused = (Refused) get("Range: bytes=10-");

        assertThat(refused.status()).isEqualTo(Status.RANGE_NOT_SATISFIABLE);
        assertThat(text(refused.fields())).startsWith("Content-Range: bytes */10\r\nContent-Type: text/html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Range: bytes=4-2", "Range: lines=1-2", "Range: bytes", "Range:"})
    void a_range_that_means_nothing_is_passed_over(String field) {
        assertThat(get(field)).isEqualTo(new Whole());
    }

    @Test
    void head_has_no_ranges() {
        assertThat(head("Range: bytes=0-1")).isEqualTo(new Fields());
        assertThat(head("Range: bytes=99-")).isEqualTo(new Fields());
    }

    @Test
    void a_range_of_another_version_gets_the_whole_file() {
        assertThat(get("Range: bytes=0-1", "If-Range: " + etag())).isInstanceOf(Slice.class);
        assertThat(get("Range: bytes=0-1", "If-Range: \"other\"")).isEqualTo(new Whole());
        assertThat(get("Range: bytes=99-", "If-Range: \"other\"")).isEqualTo(new Whole());
        assertThat(get("If-Range: " + etag())).isEqualTo(new Whole());
    }

    @Test
    void an_empty_file_has_no_ranges() {
        assertThat(deliver(empty, "GET", "Range: bytes=0-")).isInstanceOf(Refused.class);
        assertThat(deliver(empty, "GET", "Range: bytes=-1")).isEqualTo(new Whole());
    }

    @Test
    void a_plain_request_costs_no_allocation() {
        var request = request("GET", "User-Agent: curl/8");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 1_000; i++) {
            FileDelivery.of(request, file, now);
        }
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            FileDelivery.of(request, file, now);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private String etag() {
        return file.validators().etag().toString();
    }

    private Delivery get(String... fields) {
        return deliver(file, "GET", fields);
    }

    private Delivery head(String... fields) {
        return deliver(file, "HEAD", fields);
    }

    private Delivery deliver(Representation of, String method, String... fields) {
        return FileDelivery.of(request(method, fields), of, now);
    }

    private static Request request(String method, String... fields) {
        var lines = new StringBuilder(method).append(" / HTTP/1.1\r\nHost: h\r\n");
        for (var field : fields) {
            lines.append(field).append("\r\n");
        }
        var bytes = lines.append("\r\n").toString().getBytes(UTF_8);
        var parser = new RequestParser();
        assertThat(parser.feed(bytes, 0, bytes.length)).isInstanceOf(Parsing.Complete.class);
        return parser.request();
    }

    private static String body(Multipart multipart) {
        var body = new StringBuilder();
        for (var part : multipart.parts()) {
            body.append(text(part.before()))
                    .append(TEXT, (int) part.range().first(), (int) part.range().end());
        }
        return body.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
