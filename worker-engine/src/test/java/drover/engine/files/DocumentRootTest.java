package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.Lookup.Directory;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.http.AcceptEncoding;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentRootTest {

    private static final long OPEN_FILES = 16;

    @TempDir
    Path root;

    private Path directory;
    private Site site;
    private FileCache cache;
    private DocumentRoot documentRoot;

    @BeforeEach
    void createSite() throws IOException {
        directory = Files.createDirectories(root.resolve("site"));
        Files.createDirectories(directory.resolve("sub"));
        Files.writeString(directory.resolve("index.html"), "home");
        Files.writeString(directory.resolve("sub/index.html"), "sub");
        Files.writeString(directory.resolve("sub/é.txt"), "accent");
        Files.writeString(directory.resolve(".secret"), "secret");
        Files.createDirectories(directory.resolve(".well-known"));
        Files.writeString(directory.resolve(".well-known/ok"), "known");
        Files.writeString(root.resolve("outside"), "outside");
        site = new Site("site", directory);
        cache = new FileCache(64 << 20, (int) OPEN_FILES);
        documentRoot = new DocumentRoot(cache);
    }

    @Test
    void files_and_index_files_are_found_with_their_content() {
        assertThat(content("/")).isEqualTo("home");
        assertThat(content("/index.html")).isEqualTo("home");
        assertThat(content("/sub/")).isEqualTo("sub");
        assertThat(content("/sub/é.txt")).isEqualTo("accent");
        assertThat(content("/.well-known/ok")).isEqualTo("known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/sub/nothing",
                "/index.html/",
                "/index.html/x",
                "/.secret",
                "/.well-known2/x",
                "/sub/.hidden/x"
            })
    void what_is_not_there_or_hidden_is_missing(String path) {
        assertThat(look(path)).isInstanceOf(Missing.class);
    }

    @Test
    void a_directory_without_its_slash_says_so() {
        assertThat(look("/sub")).isInstanceOf(Directory.class);
    }

    @Test
    void links_may_lead_about_inside_but_never_out() throws IOException {
        Files.createSymbolicLink(directory.resolve("inside"), Path.of("sub/é.txt"));
        Files.createSymbolicLink(directory.resolve("up"), Path.of("../outside"));
        Files.createSymbolicLink(directory.resolve("absolute"), root.resolve("outside"));
        Files.createSymbolicLink(directory.resolve("parent"), Path.of(".."));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(directory.resolve("magic"), Path.of("/proc/self/root/etc/passwd"));

        assertThat(content("/inside")).isEqualTo("accent");
        for (var path : new String[] {"/up", "/absolute", "/parent/outside", "/loop", "/magic", "/../outside"}) {
            assertThat(look(path)).as(path).isInstanceOf(Missing.class);
        }
    }

    @Test
    void a_fifo_is_no_file_and_nobody_waits_for_it() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("fifo").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThat(look("/fifo")).isInstanceOf(Missing.class);
    }

    @Test
    void a_large_file_is_kept_open_and_takes_no_memory() throws IOException {
        Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);

        var first = (Content.InFile) content(look("/large"));
        var again = (Content.InFile) content(look("/large"));

        assertThat(first.representation().size()).isEqualTo((1 << 20) + 1);
        assertThat(first.file().channel().size())
                .isEqualTo(first.representation().size());
        assertThat(again.file()).isSameAs(first.file());
        assertThat(cache.entries()).isOne();
        first.release();
        again.release();
    }

    @Test
    void a_large_file_that_is_replaced_stays_open_for_those_who_send_it() throws IOException {
        Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        var first = (Content.InFile) content(look("/large"));
        Files.delete(directory.resolve("large"));
        Files.write(directory.resolve("large"), new byte[(1 << 20) + 2]);

        var second = (Content.InFile) content(look("/large"));

        assertThat(first.file().channel().size()).isEqualTo((1 << 20) + 1);
        assertThat(second.file().channel().size()).isEqualTo((1 << 20) + 2);
        first.release();
        assertThat(first.file().channel().isOpen()).isFalse();
        assertThat(first.hold()).isFalse();
        second.release();
        assertThat(second.file().channel().isOpen()).isTrue();
    }

    @Test
    void a_small_file_is_in_memory_a_larger_one_open_and_a_text_in_memory_to_be_compressed() throws IOException {
        Files.write(directory.resolve("icon.png"), new byte[32 << 10]);
        Files.write(directory.resolve("photo.png"), new byte[(32 << 10) + 1]);
        Files.write(directory.resolve("book.txt"), new byte[1 << 20]);

        var icon = content(look("/icon.png"));
        var photo = content(look("/photo.png"));
        var book = content(look("/book.txt"));

        assertThat(icon).isInstanceOf(Content.InMemory.class);
        assertThat(photo).isInstanceOf(Content.InFile.class);
        assertThat(book).isInstanceOf(Content.InMemory.class);
        icon.release();
        photo.release();
        book.release();
    }

    @Test
    void no_more_files_are_kept_open_than_may_be() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            Files.write(directory.resolve("large" + i), new byte[(1 << 20) + 1]);
            content(look("/large" + i)).release();
        }

        assertThat(descriptors() - before).isBetween(1L, OPEN_FILES);
    }

    private static Content content(Lookup lookup) {
        return ((Found) lookup).content();
    }

    @Test
    void an_unchanged_file_is_the_same_entry_and_a_changed_one_another() throws IOException {
        var first = ((Found) look("/index.html")).content();
        var again = ((Found) look("/index.html")).content();
        Files.writeString(directory.resolve("index.html"), "HOME");
        Files.setLastModifiedTime(directory.resolve("index.html"), FileTime.fromMillis(1));

        var changed = ((Found) look("/index.html")).content();

        assertThat(again).isSameAs(first);
        assertThat(changed).isNotSameAs(first);
        assertThat(content("/index.html")).isEqualTo("HOME");
    }

    @Test
    void a_file_rewritten_with_its_old_size_and_time_is_another_with_another_tag() throws IOException {
        var file = directory.resolve("index.html");
        var first = representation("/index.html");
        var modified = Files.getLastModifiedTime(file);
        for (int i = 0; i < 20; i++) {
            Files.writeString(file, "v%03d".formatted(i));
            Files.setLastModifiedTime(file, modified);

            var next = representation("/index.html");

            assertThat(content("/index.html")).isEqualTo("v%03d".formatted(i));
            assertThat(next.validators().etag().weak()).isFalse();
            assertThat(next.validators().etag()).isNotEqualTo(first.validators().etag());
            assertThat(next.validators().lastModified())
                    .isEqualTo(first.validators().lastModified());
            first = next;
        }
    }

    @Test
    void a_small_file_and_a_large_one_are_described_alike() throws IOException {
        Files.writeString(directory.resolve("small.txt"), "small");
        Files.write(directory.resolve("large.txt"), new byte[2 << 20]);
        for (var name : new String[] {"small.txt", "large.txt"}) {
            Files.setLastModifiedTime(directory.resolve(name), FileTime.fromMillis(784111777_999L));
        }

        for (var path : new String[] {"/small.txt", "/large.txt"}) {
            var found = representation(path);

            assertThat(text(found.fields()))
                    .matches("Content-Type: text/plain; charset=utf-8\r\nContent-Length: " + found.size()
                            + "\r\nETag: \"[0-9a-f]+-[0-9a-f]+\"\r\n"
                            + "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nAccept-Ranges: bytes\r\n");
            assertThat(text(found.fields())).endsWith(text(found.validatorFields()));
        }
    }

    private Representation representation(String path) throws IOException {
        return switch (look(path)) {
            case Found(Content content) -> {
                content.release();
                yield content.representation();
            }
            case Lookup other -> throw new AssertionError(other);
        };
    }

    private static String text(byte[] fields) {
        return new String(fields, UTF_8);
    }

    @Test
    void a_deleted_file_leaves_the_cache() throws IOException {
        content("/sub/é.txt");
        Files.delete(directory.resolve("sub/é.txt"));

        assertThat(look("/sub/é.txt")).isInstanceOf(Missing.class);
        assertThat(cache.entries()).isZero();
    }

    @Test
    void looking_leaves_no_descriptor_behind() throws IOException {
        long before = descriptors();

        for (int i = 0; i < 1_000; i++) {
            look("/");
            look("/sub");
            look("/nothing");
            look("/../outside");
        }

        assertThat(descriptors()).isEqualTo(before);
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private Lookup look(String path) {
        return documentRoot.look(site, path.getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY);
    }

    private String content(String path) {
        ByteBuffer body = ((Content.InMemory) content(look(path))).body();
        byte[] bytes = new byte[body.remaining()];
        body.get(body.position(), bytes);
        return new String(bytes, UTF_8);
    }
}
