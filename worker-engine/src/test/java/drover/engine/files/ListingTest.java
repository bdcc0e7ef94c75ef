package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.Content.InMemory;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.http.AcceptEncoding;
import drover.engine.vhost.Glob;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {

    private static final FileTime MODIFIED = FileTime.from(Instant.parse("1994-11-06T08:49:37Z"));

    @TempDir
    private Path root = Path.of("");

    private Path directory = Path.of("");
    private Site site = new Site("", Path.of(""));
    private final DocumentRoot documentRoot = new DocumentRoot(new FileCache(1 << 20, 16));

    @BeforeEach
    void create() throws IOException {
        directory = Files.createDirectories(root.resolve("site"));
        Files.createDirectories(directory.resolve("indexed"));
        Files.writeString(directory.resolve("indexed/index.html"), "index");
        var none = SiteRules.NONE;
        site = new Site(
                "site",
                directory,
                new SiteRules(
                        none.fallback(),
                        none.errorPages(),
                        none.headers(),
                        none.answerFields(),
                        none.redirects(),
                        none.rewrites(),
                        none.access(),
                        none.cors(),
                        List.of(new Glob("/files/**"), new Glob("/indexed/**")),
                        none.protections()));
        file("files/b.txt", "bb");
        file("files/A.txt", "a");
        file("files/z/inner.txt", "inner");
    }

    private void file(String name, String content) throws IOException {
        var path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        Files.setLastModifiedTime(path, MODIFIED);
    }

    @Test
    void directories_come_first_and_names_without_regard_to_case() {
        assertThat(body("/files/", ListingForm.JSON))
                .matches("(?s)\\[\\n\\{ \"name\":\"z\", \"type\":\"directory\", "
                        + "\"mtime\":\"[^\"]+\" },\\n"
                        + "\\{ \"name\":\"A.txt\", \"type\":\"file\", \"mtime\":\"Sun, 06 Nov 1994 08:49:37 GMT\", \"size\":1 },\\n"
                        + "\\{ \"name\":\"b.txt\", .*\"size\":2 }\\n]\\n");
        assertThat(body("/files/", ListingForm.HTML))
                .containsSubsequence("../", "href=\"z/\"", "href=\"A.txt\"", "<td>1<td>1994-11-06T08:49:37Z", "b.txt");
    }

    @Test
    void only_directories_that_match_and_have_no_index_file_are_listed() {
        assertThat(look("/", ListingForm.HTML)).isInstanceOf(Missing.class);
        assertThat(body("/indexed/", ListingForm.HTML)).isEqualTo("index");
        assertThat(look("/files/none/", ListingForm.HTML)).isInstanceOf(Missing.class);
        assertThat(look("/files/b.txt/", ListingForm.HTML)).isInstanceOf(Missing.class);
        assertThat(look("/files/.git/", ListingForm.HTML)).isInstanceOf(Missing.class);
    }

    @Test
    void hidden_names_and_what_a_request_could_not_reach_are_left_out() throws Exception {
        file("files/.secret", "");
        Files.writeString(root.resolve("outside.txt"), "outside");
        Files.createSymbolicLink(directory.resolve("files/inside"), Path.of("../indexed"));
        Files.createSymbolicLink(directory.resolve("files/up"), Path.of("../../outside.txt"));
        Files.createSymbolicLink(directory.resolve("files/absolute"), root.resolve("outside.txt"));
        Files.createSymbolicLink(directory.resolve("files/out"), Path.of("../.."));
        Files.createSymbolicLink(directory.resolve("files/broken"), Path.of("nothing"));
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("files/fifo").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(body("/files/", ListingForm.JSON))
                .contains("\"name\":\"inside\", \"type\":\"directory\"", "b.txt")
                .doesNotContain("secret", "\"up\"", "absolute", "\"out\"", "broken", "fifo");
    }

    @Test
    void a_directory_that_is_a_link_to_the_outside_is_not_listed() throws IOException {
        Files.createSymbolicLink(directory.resolve("files/out"), root);

        assertThat(look("/files/out/", ListingForm.HTML)).isInstanceOf(Missing.class);
    }

    @Test
    void hostile_names_stay_text() throws Exception {
        file("files/<script>alert(1)<.txt", "");
        file("files/\"quoted\" 'a' & b", "");
        file("files/javascript:alert(1)", "");
        file("files/a?b#c%d.txt", "");
        file("files/new\nline", "");
        file("files/back\\slash", "");
        file("files/\u202etxt.exe", "");
        createByBytes("files/bad\\377\\376");

        var html = body("/files/", ListingForm.HTML);
        var json = body("/files/", ListingForm.JSON);

        assertThat(html)
                .contains(
                        "<a href=\"%3Cscript%3Ealert%281%29%3C.txt\"><bdi>&lt;script&gt;alert(1)&lt;.txt</bdi></a>",
                        "<a href=\"%22quoted%22%20%27a%27%20%26%20b\"><bdi>&quot;quoted&quot; &#39;a&#39; &amp; b</bdi></a>",
                        "<a href=\"javascript%3Aalert%281%29\">",
                        "<a href=\"a%3Fb%23c%25d.txt\">",
                        "<td><bdi>new\ufffdline</bdi><td>",
                        "<td><bdi>back\\slash</bdi><td>",
                        "<bdi>\u202etxt.exe</bdi>",
                        "<td><bdi>bad\ufffd\ufffd</bdi><td>")
                .doesNotContain("<script", "onclick", "style=\"");
        assertThat(json)
                .contains(
                        "\"\\u003cscript>alert(1)\\u003c.txt\"",
                        "\"\\u0022quoted\\u0022 'a' & b\"",
                        "\"new\\u000aline\"",
                        "\"back\\u005cslash\"",
                        "\"bad\ufffd\ufffd\"");
    }

    /** A name that is no UTF-8, which Java cannot write. */
    private void createByBytes(String name) throws Exception {
        var printf = new ProcessBuilder("sh", "-c", ": > \"$(printf '" + name + "')\"").directory(directory.toFile());
        assertThat(printf.start().waitFor()).isZero();
    }

    @Test
    void a_large_directory_is_cut_and_says_so() throws IOException {
        for (int i = 0; i < Listing.MOST_ENTRIES + 500; i++) {
            Files.createFile(directory.resolve("files/z/" + i));
        }

        var content = content("/files/z/", ListingForm.HTML);

        assertThat(text(content)).contains("Only 2000 entries are shown; there are more.");
        assertThat(text(content).lines().filter(line -> line.startsWith("<tr><td><a")))
                .hasSize(Listing.MOST_ENTRIES + 1);
        assertThat(new String(content.representation().fields(), UTF_8)).contains("Listing-Limit: 2000\r\n");
    }

    @Test
    void an_unchanged_directory_is_sent_from_the_same_memory_and_a_change_shows_within_a_second() throws Exception {
        var first = content("/files/", ListingForm.HTML);
        TimeUnit.MILLISECONDS.sleep(600); // its promise is about time
        var second = content("/files/", ListingForm.HTML);
        file("files/new.txt", "");
        TimeUnit.MILLISECONDS.sleep(600);
        var third = content("/files/", ListingForm.HTML);

        assertThat(second.body()).isSameAs(first.body());
        assertThat(text(third)).contains("new.txt");
        assertThat(third.representation().validators().etag())
                .isNotEqualTo(first.representation().validators().etag());
    }

    @Test
    void what_is_said_of_a_listing() {
        var fields =
                new String(content("/files/", ListingForm.JSON).representation().fields(), UTF_8);

        assertThat(fields)
                .contains(
                        "Content-Type: application/json\r\n",
                        "Vary: Accept\r\n",
                        "Cache-Control: no-cache\r\n",
                        "ETag: \"")
                .doesNotContain("Last-Modified", "Listing-Limit");
    }

    private String body(String path, ListingForm form) {
        return text(content(path, form));
    }

    private static String text(InMemory content) {
        return UTF_8.decode(content.body().duplicate()).toString();
    }

    private InMemory content(String path, ListingForm form) {
        var lookup = look(path, form);
        assertThat(lookup).isInstanceOf(Found.class);
        return (InMemory) ((Found) lookup).content();
    }

    private Lookup look(String path, ListingForm form) {
        return documentRoot.look(site, path.getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY, form);
    }
}
