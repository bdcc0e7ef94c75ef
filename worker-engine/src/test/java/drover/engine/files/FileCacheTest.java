package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.vhost.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileCacheTest {

    private static final Site SITE = new Site("default", Path.of("/srv/default"));
    private static final int KIB = 1024;

    @Test
    void a_file_is_found_by_its_site_and_path() {
        var cache = new FileCache(1 << 20, 16);
        cache.put(entry(SITE, "/a", KIB));

        assertThat(find(cache, "/a")).isPresent();
        assertThat(find(cache, "/b")).isEmpty();
        assertThat(cache.find(new Site("other", Path.of("/")), "/a".getBytes(UTF_8), 2))
                .isEmpty();
    }

    @Test
    void a_newer_entry_takes_the_place_of_an_older_one() {
        var cache = new FileCache(1 << 20, 16);
        cache.put(entry(SITE, "/a", KIB));
        cache.put(entry(SITE, "/a", 2 * KIB));

        assertThat(find(cache, "/a").orElseThrow().memoryBytes()).isEqualTo(2 * KIB);
        assertThat(cache.entries()).isEqualTo(1);
    }

    @Test
    void bytes_never_exceed_the_capacity_and_return_to_zero() {
        var cache = new FileCache(64 * KIB, 16);
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var path = "/" + random.nextInt(500);
            if (random.nextInt(4) == 0) {
                cache.remove(SITE, path.getBytes(UTF_8));
            } else if (find(cache, path).isEmpty()) {
                cache.put(entry(SITE, path, random.nextInt(6 * KIB)));
            }
            assertThat(cache.bytes()).isBetween(0L, 64L * KIB);
        }

        for (int i = 0; i < 500; i++) {
            cache.remove(SITE, ("/" + i).getBytes(UTF_8));
        }

        assertThat(cache.bytes()).isZero();
        assertThat(cache.entries()).isZero();
    }

    @Test
    void what_is_asked_for_survives_a_scan_of_what_is_asked_for_once() {
        var cache = new FileCache(100L * (KIB + 512), 16);
        for (int hot = 0; hot < 50; hot++) {
            cache.put(entry(SITE, "/hot" + hot, KIB));
        }

        for (int cold = 0; cold < 5_000; cold++) {
            for (int hot = 0; hot < 50; hot++) {
                assertThat(find(cache, "/hot" + hot)).isPresent();
            }
            cache.put(entry(SITE, "/cold" + cold, KIB));
        }

        assertThat(cache.evictions()).isEqualTo(5_000 - 50);
    }

    @Test
    void one_file_takes_an_eighth_of_the_room_at_most() {
        var cache = new FileCache(8L * KIB * KIB, 16);

        assertThat(cache.accepts(KIB * KIB - 512)).isTrue();
        assertThat(cache.accepts(KIB * KIB)).isFalse();
        assertThat(new FileCache(0, 16).accepts(0)).isFalse();
    }

    @Test
    void files_kept_open_take_no_place_of_those_in_memory() throws IOException {
        var cache = new FileCache(8L * (KIB + 512), 16);
        cache.put(entry(SITE, "/small", KIB));

        for (int i = 0; i < 40; i++) {
            cache.put(opened("/" + i));
        }

        assertThat(find(cache, "/small")).isPresent();
        assertThat(cache.entries()).isEqualTo(1 + 16);
        for (int i = 0; i < 40; i++) {
            cache.remove(SITE, ("/" + i).getBytes(UTF_8));
        }
    }

    private static FileEntry opened(String path) throws IOException {
        var identity = new Identity(0100644, KIB, FileTime.fromMillis(0), FileTime.fromMillis(0), 1, 1);
        var file = new OpenFile(FileChannel.open(Path.of("/proc/self/status")));
        return new FileEntry(
                SITE,
                path.getBytes(UTF_8),
                List.of(identity),
                List.of(new Content.InFile(Representation.of("image/png", identity, Instant.EPOCH), file)),
                System.nanoTime());
    }

    private static Optional<FileEntry> find(FileCache cache, String path) {
        byte[] bytes = path.getBytes(UTF_8);
        return cache.find(SITE, bytes, bytes.length);
    }

    private static FileEntry entry(Site site, String path, int size) {
        var identity = new Identity(0100644, size, FileTime.fromMillis(0), FileTime.fromMillis(0), 1, 1);
        return new FileEntry(
                site,
                path.getBytes(UTF_8),
                List.of(identity),
                List.of(new Content.InMemory(Representation.of("text/plain", identity, Instant.EPOCH), body(size))),
                System.nanoTime());
    }

    private static Body body(int size) {
        try {
            return Body.ofSize(size);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
