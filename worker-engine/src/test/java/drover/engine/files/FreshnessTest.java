package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.files.Lookup.Found;
import drover.engine.http.AcceptEncoding;
import drover.engine.posix.Posix;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshnessTest {

    private static final long LONG = 3_600_000_000_000L;

    @TempDir
    Path root;

    private Path directory;
    private Site site;
    private FileCache cache;
    private DocumentRoot documentRoot;
    private Freshness freshness;

    @BeforeEach
    void createSite() throws IOException {
        directory = Files.createDirectories(root.resolve("site/a/b"));
        Files.writeString(directory.resolve("page"), "first");
        site = new Site("site", root.resolve("site"));
        cache = new FileCache(64 << 20, 16);
        documentRoot = new DocumentRoot(cache);
        freshness = new Freshness(cache, documentRoot);
    }

    @Test
    void what_did_not_change_is_found_so_without_opening_it() throws IOException {
        var entry = kept("/a/b/page");
        entry.checked(System.nanoTime() - LONG);

        freshness.look(System.nanoTime());

        assertThat(entry.isFresh(System.nanoTime())).isTrue();
        assertThat(cached("/a/b/page")).containsSame(entry);
        assertThat(quickly("/a/b/page")).isTrue();
    }

    @Test
    void what_nobody_asks_for_is_left_alone() throws IOException {
        var entry = kept("/a/b/page");
        freshness.look(System.nanoTime());
        entry.checked(System.nanoTime() - LONG);

        freshness.look(System.nanoTime() + LONG);

        assertThat(entry.isFresh(System.nanoTime())).isFalse();
    }

    @Test
    void a_change_in_place_is_seen_even_if_size_and_time_stay() throws IOException {
        var page = directory.resolve("page");
        kept("/a/b/page");
        var time = Files.getLastModifiedTime(page);
        Files.writeString(page, "other");
        Files.setLastModifiedTime(page, time);

        assertThat(content("/a/b/page")).isEqualTo("other");
    }

    @Test
    void a_file_in_its_place_is_seen() throws IOException {
        kept("/a/b/page");
        Files.writeString(root.resolve("new"), "other");
        Files.move(root.resolve("new"), directory.resolve("page"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(content("/a/b/page")).isEqualTo("other");
    }

    @Test
    void a_compressed_file_that_comes_beside_it_is_seen_and_one_that_goes() throws IOException {
        kept("/a/b/page");

        Files.writeString(directory.resolve("page.br"), "short");
        freshness.look(System.nanoTime());
        assertThat(codings("/a/b/page")).isEqualTo(2);

        settle();
        Files.delete(directory.resolve("page.br"));
        freshness.look(System.nanoTime());
        assertThat(codings("/a/b/page")).isOne();
    }

    @Test
    void a_compressed_file_that_changes_is_seen_whether_it_was_old_or_not() throws IOException {
        Files.writeString(directory.resolve("page.br"), "short");
        var old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(directory.resolve("page.br"), old);
        kept("/a/b/page");
        assertThat(codings("/a/b/page")).isOne();

        Files.writeString(directory.resolve("page.br"), "newer");
        freshness.look(System.nanoTime());

        assertThat(codings("/a/b/page")).isEqualTo(2);
    }

    @Test
    void a_file_that_is_gone_leaves_the_cache() throws IOException {
        kept("/a/b/page");
        Files.delete(directory.resolve("page"));

        freshness.look(System.nanoTime());

        assertThat(cached("/a/b/page")).isEmpty();
    }

    @Test
    void directories_that_move_out_are_gone_though_a_link_leads_there() throws IOException {
        kept("/a/b/page");
        Files.move(root.resolve("site/a"), root.resolve("a"));
        Files.createSymbolicLink(root.resolve("site/a"), root.resolve("a"));

        freshness.look(System.nanoTime());

        assertThat(cached("/a/b/page")).isEmpty();
    }

    @Test
    void a_link_to_a_file_is_followed_anew_each_time() throws IOException {
        Files.createDirectories(root.resolve("site/v1"));
        Files.createDirectories(root.resolve("site/v2"));
        Files.writeString(root.resolve("site/v1/page"), "one");
        Files.writeString(root.resolve("site/v2/page"), "two");
        Files.createSymbolicLink(root.resolve("site/now"), Path.of("v1"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("../../now/page"));
        kept("/a/b/link");
        Files.delete(root.resolve("site/now"));
        Files.createSymbolicLink(root.resolve("site/now"), Path.of("v2"));

        assertThat(quickly("/a/b/link")).isFalse();
        assertThat(content("/a/b/link")).isEqualTo("two");
    }

    @Test
    void a_directory_that_has_just_changed_is_not_trusted() throws IOException {
        settle();
        assertThat(isSettled("a/b")).isTrue();

        // As often as it takes to look within the clock's tick on a busy machine.
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            Files.delete(Files.createFile(directory.resolve("neighbour")));
            return !isSettled("a/b");
        });
    }

    private boolean isSettled(String path) {
        try (var opened = OpenDirectory.open(site.directory(), path).orElseThrow()) {
            return opened.isSettled();
        }
    }

    @Test
    void it_works_on_more_directories_than_it_keeps_open() throws IOException {
        for (int i = 0; i < 40; i++) {
            Files.writeString(
                    Files.createDirectories(root.resolve("site/d" + i)).resolve("page"), "page " + i);
        }
        for (int i = 0; i < 40; i++) {
            kept("/d" + i + "/page").checked(System.nanoTime() - LONG);
        }

        freshness.look(System.nanoTime());

        for (int i = 0; i < 40; i++) {
            assertThat(cached("/d" + i + "/page").orElseThrow().isFresh(System.nanoTime()))
                    .isTrue();
        }
    }

    /** The entry of a path, seen when nothing around it had just changed. */
    private FileEntry kept(String path) throws IOException {
        settle();
        release(path);
        return cached(path).orElseThrow();
    }

    /** Waits until the clock that stamps files has gone on from every stamp given yet. */
    private void settle() throws IOException {
        var probe = Files.createTempFile(root, "clock", "");
        var settled = Posix.status(probe).orElseThrow().changed().plus(Identity.TICK.multipliedBy(2));
        while (Posix.status(probe).orElseThrow().changed().isBefore(settled)) {
            Files.setLastModifiedTime(probe, FileTime.fromMillis(0));
        }
    }

    private void release(String path) throws IOException {
        ((Found) look(path)).content().release();
    }

    private Lookup look(String path) {
        return documentRoot.look(site, path.getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY);
    }

    private Optional<FileEntry> cached(String path) {
        return cache.find(site, path.getBytes(UTF_8), path.length());
    }

    private boolean quickly(String path) {
        try (var opened = OpenDirectory.open(site.directory(), "a/b").orElseThrow()) {
            return cached(path).orElseThrow().sighting().orElseThrow().isTrueIn(opened);
        }
    }

    private int codings(String path) {
        return cached(path).orElseThrow().identities().size();
    }

    private String content(String path) {
        freshness.look(System.nanoTime());
        var content = (Content.InMemory)
                cached(path).orElseThrow().content(AcceptEncoding.IDENTITY_ONLY).orElseThrow();
        return UTF_8.decode(content.body().duplicate()).toString();
    }
}
