package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.files.Content.InFile;
import drover.engine.files.Content.InMemory;
import drover.engine.files.Lookup.Found;
import drover.engine.http.AcceptEncoding;
import drover.engine.posix.Posix;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HottestTest {

    private static final int SIZE = 100_000;

    @TempDir
    Path root;

    private Site site;
    private FileCache cache;
    private DocumentRoot documentRoot;
    private Hottest hottest;

    @BeforeEach
    void createSite() {
        site = new Site("site", root);
        cache = new FileCache(16 << 20, 64);
        documentRoot = new DocumentRoot(cache);
        hottest = new Hottest(cache, 2 * SIZE);
    }

    /** Writes a file of random bytes and has it looked up. */
    private byte[] write(String name, int size) throws IOException {
        var bytes = new byte[size];
        new Random(name.hashCode()).nextBytes(bytes);
        Files.write(root.resolve(name), bytes);
        await().until(() -> !identity(name).mayChangeUnseen(Instant.now()));
        look(name);
        return bytes;
    }

    private Identity identity(String name) {
        return Identity.of(Posix.status(root.resolve(name)).orElseThrow());
    }

    private void look(String name) throws IOException {
        if (documentRoot.look(site, ("/" + name).getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY)
                instanceof Found(Content content)) {
            content.release();
        }
    }

    private FileEntry entry(String name) {
        var path = ("/" + name).getBytes(UTF_8);
        return cache.find(site, path, path.length).orElseThrow();
    }

    private void ask(String name, int times) {
        var entry = entry(name);
        for (int i = 0; i < times; i++) {
            entry.askedFor();
        }
    }

    private void pass() {
        cache.forEach(hottest::consider);
        hottest.settle();
    }

    private Content content(String name) {
        return entry(name).only().orElseThrow();
    }

    @Test
    void what_is_asked_for_most_moves_into_memory_and_is_the_same() throws IOException {
        var bytes = write("a.bin", SIZE);
        var before = content("a.bin").representation();
        assertThat(content("a.bin")).isInstanceOf(InFile.class);
        ask("a.bin", 1000);

        pass();

        assertThat(content("a.bin")).isInstanceOfSatisfying(InMemory.class, memory -> {
            var read = new byte[SIZE];
            memory.body().get(0, read);
            assertThat(read).isEqualTo(bytes);
            assertThat(memory.representation()).isSameAs(before);
        });
    }

    @Test
    void what_is_asked_for_now_and_then_stays_where_it_is() throws IOException {
        write("a.bin", SIZE);
        ask("a.bin", 5);

        pass();

        assertThat(content("a.bin")).isInstanceOf(InFile.class);
    }

    @Test
    void there_is_room_for_the_hottest_only_and_who_cools_down_leaves() throws IOException {
        for (var name : new String[] {"a.bin", "b.bin", "c.bin"}) {
            write(name, SIZE);
        }
        ask("a.bin", 100);
        ask("b.bin", 300);
        ask("c.bin", 200);
        pass();
        assertThat(content("a.bin")).isInstanceOf(InFile.class);
        assertThat(content("b.bin")).isInstanceOf(InMemory.class);
        assertThat(content("c.bin")).isInstanceOf(InMemory.class);

        ask("a.bin", 250);
        ask("b.bin", 150);
        pass();

        assertThat(content("a.bin")).isInstanceOf(InMemory.class);
        assertThat(content("b.bin")).isInstanceOf(InMemory.class); // as good as 300 of one that is not there yet
        look("c.bin");
        assertThat(content("c.bin")).isInstanceOf(InFile.class);
    }

    @Test
    void an_entry_that_was_replaced_meanwhile_is_left_alone() throws IOException {
        write("a.bin", SIZE);
        ask("a.bin", 1000);
        cache.forEach(hottest::consider);
        write("a.bin", SIZE / 2);

        hottest.settle();

        assertThat(content("a.bin").representation().size()).isEqualTo(SIZE / 2);
        assertThat(content("a.bin")).isInstanceOf(InFile.class);
    }

    @Test
    void a_file_that_has_changed_on_disk_is_not_read() throws IOException {
        write("a.bin", SIZE);
        ask("a.bin", 1000);
        try (var file = Files.newOutputStream(root.resolve("a.bin"), StandardOpenOption.WRITE)) {
            file.write(1);
        }

        pass();

        assertThat(content("a.bin")).isInstanceOf(InFile.class);
    }

    @Test
    void what_is_in_memory_keeps_no_file_open_and_what_leaves_is_freed() throws IOException {
        write("a.bin", SIZE);
        ask("a.bin", 1000);
        long before = cache.bytes();

        pass();
        assertThat(cache.bytes()).isGreaterThanOrEqualTo(before + SIZE);

        pass();
        assertThat(cache.bytes()).isEqualTo(before);
        assertThat(cache.entries()).isZero();
    }
}
