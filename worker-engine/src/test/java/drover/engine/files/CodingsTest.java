package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.files.Lookup.Unacceptable;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import drover.engine.http.EntityTag;
import drover.engine.http.RequestParser;
import drover.engine.vhost.Site;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file in several codings: what lies compressed beside it, and what is compressed here. */
class CodingsTest {

    private static final String[] ACCEPTED = {"", "gzip", "br", "zstd"};

    @TempDir
    Path directory;

    private FileCache cache;
    private DocumentRoot documentRoot;

    @BeforeEach
    void createSite() throws IOException {
        create("app.js", "plain");
        create("app.js.br", "brotli");
        create("app.js.zst", "zstandard");
        create("app.js.gz", "gzipped");
        create("only.css.gz", "gzipped only");
        cache = new FileCache(64 << 20, 16);
        documentRoot = new DocumentRoot(cache);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                      | plain
                    identity                | plain
                    deflate                 | plain
                    gzip                    | gzipped
                    gzip, deflate, br, zstd | brotli
                    gzip, zstd              | zstandard
                    br;q=0.1, gzip          | gzipped
                    gzip;q=0.1, identity    | plain
                    """)
    void a_client_gets_the_coding_it_likes_best(String accepted, String content) {
        for (int i = 0; i < 2; i++) {
            assertThat(content("/app.js", accepted)).isEqualTo(content);
        }
        assertThat(cache.entries()).isEqualTo(1);
    }

    @Test
    void all_are_of_the_files_own_type_and_say_that_they_were_chosen() {
        for (var accepted : ACCEPTED) {
            var found = found("/app.js", accepted).representation();
            var encoding = accepted.isEmpty() ? "" : "Content-Encoding: " + accepted + "\r\n";

            assertThat(text(found.fields()))
                    .startsWith("Content-Type: text/javascript; charset=utf-8\r\n" + encoding + "Content-Length: "
                            + found.size() + "\r\nETag: \"")
                    .endsWith("Accept-Ranges: bytes\r\nVary: Accept-Encoding\r\n");
            assertThat(text(found.validatorFields()))
                    .startsWith("ETag")
                    .contains("Vary: Accept-Encoding")
                    .doesNotContain("Content-Encoding");
        }
    }

    @Test
    void each_has_a_strong_tag_of_its_own_even_if_all_are_one_file() throws IOException {
        for (var suffix : new String[] {"", ".br", ".zst", ".gz"}) {
            Files.deleteIfExists(directory.resolve("app.js" + suffix));
            Files.createLink(directory.resolve("app.js" + suffix), directory.resolve("only.css.gz"));
        }

        Set<EntityTag> tags = new HashSet<>();
        for (var accepted : ACCEPTED) {
            tags.add(found("/app.js", accepted).representation().validators().etag());
        }

        assertThat(tags).hasSize(4).noneMatch(EntityTag::weak);
    }

    @Test
    void a_compressed_file_is_also_a_file() {
        var found = found("/app.js.gz", "gzip");

        assertThat(text(found.representation().fields()))
                .startsWith("Content-Type: application/gzip\r\nContent-Length: 7\r\n")
                .doesNotContain("Vary");
    }

    @Test
    void a_compressed_file_alone_is_there_for_those_who_accept_it() {
        assertThat(content("/only.css", "gzip")).isEqualTo("gzipped only");
        assertThat(text(found("/only.css", "gzip").representation().fields()))
                .contains("text/css", "Content-Encoding: gzip", "Vary");
        assertThat(look("/only.css", "")).isInstanceOf(Unacceptable.class);
        assertThat(look("/only.css", "br")).isInstanceOf(Unacceptable.class);
        assertThat(look("/nothing.css", "gzip")).isInstanceOf(Missing.class);
    }

    @Test
    void a_compressed_file_that_is_older_than_the_plain_one_is_ignored() throws IOException {
        var modified = Instant.parse("2026-11-23T08:00:00.500Z");
        touch("app.js", modified);
        touch("app.js.br", modified.minusNanos(1));
        touch("app.js.zst", modified.minusSeconds(1));
        touch("app.js.gz", modified.minusMillis(500)); // its tool kept the second of the plain file

        assertThat(content("/app.js", "br")).isEqualTo("plain");
        assertThat(content("/app.js", "zstd")).isEqualTo("plain");
        assertThat(content("/app.js", "gzip")).isEqualTo("gzipped");
    }

    @Test
    void what_comes_changes_or_goes_beside_a_cached_file_is_seen() throws IOException {
        create("page.bin", "plain");
        assertThat(content("/page.bin", "br")).isEqualTo("plain");

        create("page.bin.br", "brotli");
        assertThat(content("/page.bin", "br")).isEqualTo("brotli");

        create("page.bin.br", "BROTLI");
        assertThat(content("/page.bin", "br")).isEqualTo("BROTLI");

        Files.delete(directory.resolve("page.bin.br"));
        assertThat(content("/page.bin", "br")).isEqualTo("plain");
        assertThat(text(found("/page.bin", "br").representation().fields())).doesNotContain("Vary");
    }

    @Test
    void a_directory_or_a_link_that_leads_out_is_no_compressed_file() throws IOException {
        create("x.txt", "plain");
        Files.createDirectory(directory.resolve("x.txt.br"));
        Files.createSymbolicLink(directory.resolve("x.txt.gz"), Path.of("/etc/passwd"));

        assertThat(content("/x.txt", "br, gzip")).isEqualTo("plain");
        assertThat(text(found("/x.txt", "br").representation().fields())).doesNotContain("Vary");
    }

    @Test
    void a_large_file_is_opened_in_the_coding_asked_for() throws IOException {
        Files.write(directory.resolve("large.js"), new byte[(1 << 20) + 1]);
        create("large.js.gz", "gzipped");

        assertThat(opened("/large.js", "gzip")).isEqualTo(ContentCoding.GZIP);
        assertThat(opened("/large.js", "br")).isEqualTo(ContentCoding.IDENTITY);
    }

    @Test
    void a_text_is_compressed_once_and_beside_what_lies_there() throws IOException {
        var text = "drover ".repeat(1_000);
        create("page.html", text);
        create("page.html.br", "brotli");

        var compressed = found("/page.html", "gzip");
        var again = found("/page.html", "gzip");

        assertThat(gunzip(compressed)).isEqualTo(text);
        assertThat(again).isSameAs(compressed);
        assertThat(content("/page.html", "gzip, br")).isEqualTo("brotli");
        assertThat(content("/page.html", "")).isEqualTo(text);
        assertThat(cache.entries()).isEqualTo(1);
        assertThat(cache.bytes())
                .isEqualTo(512
                        + text.length()
                        + "brotli".length()
                        + compressed.body().capacity());
    }

    @Test
    void a_text_compressed_here_has_fields_of_its_own() throws IOException {
        create("page.html", "drover ".repeat(1_000));

        var plain = found("/page.html", "").representation();
        var compressed = found("/page.html", "gzip").representation();

        assertThat(text(compressed.fields()))
                .matches("Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: "
                        + compressed.size() + "\r\nETag: \"[0-9a-f-]+-gzip\"\r\nLast-Modified: [^\r]+\r\n"
                        + "Vary: Accept-Encoding\r\n");
        assertThat(text(plain.fields())).endsWith("Accept-Ranges: bytes\r\nVary: Accept-Encoding\r\n");
        assertThat(compressed.validators().etag())
                .isNotEqualTo(plain.validators().etag());
    }

    @Test
    void a_changed_text_is_compressed_anew() throws IOException {
        create("page.html", "before ".repeat(1_000));
        found("/page.html", "gzip");

        create("page.html", "behind ".repeat(1_000));

        assertThat(gunzip(found("/page.html", "gzip"))).startsWith("behind");
    }

    @ParameterizedTest
    @CsvSource({"page.html, 1023", "page.png, 5000", "page, 5000", "page.gz, 5000"})
    void what_is_small_or_no_text_is_sent_as_it_is(String name, int size) throws IOException {
        create(name, "x".repeat(size));

        var found = found("/" + name, "gzip").representation();

        assertThat(found.coding()).isEqualTo(ContentCoding.IDENTITY);
        assertThat(text(found.fields())).doesNotContain("Vary");
    }

    @Test
    void who_asks_for_a_part_gets_it_of_what_lies_there() throws IOException {
        create("page.html", "drover ".repeat(1_000));

        assertThat(((Found) look("/page.html", "gzip\r\nRange: bytes=0-1"))
                        .content()
                        .representation()
                        .coding())
                .isEqualTo(ContentCoding.IDENTITY);
        assertThat(((Found) look("/app.js", "gzip\r\nRange: bytes=0-1"))
                        .content()
                        .representation()
                        .coding())
                .isEqualTo(ContentCoding.GZIP);
    }

    @Test
    void what_compresses_too_little_for_the_cache_is_kept_plain() throws IOException {
        documentRoot = new DocumentRoot(new FileCache(8 * 2048, 16));
        create("page.txt", "drover ".repeat(215)); // 1505 bytes and 512 leave 31

        assertThat(found("/page.txt", "gzip").representation().coding()).isEqualTo(ContentCoding.IDENTITY);
    }

    @Test
    void choosing_costs_no_allocation() {
        found("/app.js", "");
        var site = new Site("default", directory);
        var path = "/app.js".getBytes(UTF_8);
        var entry = cache.find(site, path, path.length).orElseThrow();
        var accepted = accepted("gzip, deflate, br, zstd");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 1_000; i++) {
            entry.content(accepted);
        }
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            entry.content(accepted);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static String gunzip(Content.InMemory content) throws IOException {
        var bytes = new byte[content.body().capacity()];
        content.body().get(0, bytes);
        return text(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes());
    }

    @Test
    void looking_leaves_no_descriptor_behind() throws IOException {
        Files.write(directory.resolve("large.js"), new byte[(1 << 20) + 1]);
        create("large.js.gz", "gzipped");
        touch("app.js.br", Instant.EPOCH);
        opened("/large.js", "gzip");
        long before = descriptors();

        for (int i = 0; i < 100; i++) {
            opened("/large.js", i % 2 == 0 ? "gzip" : "");
            look("/app.js", "br");
            look("/only.css", "br");
        }

        assertThat(descriptors()).isEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private ContentCoding opened(String path, String accepted) throws IOException {
        if (look(path, accepted) instanceof Found(Content.InFile(Representation representation, OpenFile file))) {
            assertThat(file.channel().size()).isEqualTo(representation.size());
            assertThat(text(representation.fields())).contains("Vary: Accept-Encoding");
            file.release();
            return representation.coding();
        }
        throw new AssertionError(path);
    }

    private void create(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private void touch(String name, Instant modified) throws IOException {
        Files.setLastModifiedTime(directory.resolve(name), FileTime.from(modified));
    }

    private Lookup look(String path, String accepted) {
        return documentRoot.look(new Site("default", directory), path.getBytes(UTF_8), accepted(accepted));
    }

    private static AcceptEncoding accepted(String field) {
        var head = ("GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: " + field + "\r\n\r\n").getBytes(UTF_8);
        var parser = new RequestParser();
        parser.feed(head, 0, head.length);
        return AcceptEncoding.of(parser.request());
    }

    private Content.InMemory found(String path, String accepted) {
        return (Content.InMemory) ((Found) look(path, accepted)).content();
    }

    private String content(String path, String accepted) {
        var body = found(path, accepted).body();
        var bytes = new byte[body.capacity()];
        body.get(0, bytes);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
