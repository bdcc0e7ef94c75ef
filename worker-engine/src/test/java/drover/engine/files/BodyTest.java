package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drover.engine.http.AcceptEncoding;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class BodyTest {

    private static final Site SITE = new Site("default", Path.of("/srv/default"));
    private static final int SIZE = 4096;

    @Test
    void what_somebody_holds_stays_when_the_cache_lets_go() throws IOException {
        var cache = new FileCache(1 << 20, 16);
        cache.put(entry(1));
        var content = held(cache, 1);

        cache.remove(SITE, path(1));

        assertThat(holdsOnly(content.body(), (byte) 1)).isTrue();
        content.release();
        assertThat(content.hold()).isFalse();
    }

    @Test
    void the_last_of_several_holders_frees_it() throws IOException {
        var body = Body.ofSize(SIZE);
        var alias = body.bytes();
        fill(alias, (byte) 7);

        body.hold();
        body.release();

        assertThat(holdsOnly(alias, (byte) 7)).isTrue();
        assertThat(assertsAreOn())
                .as("tests run with -ea, or a freed body is not seen")
                .isTrue();
        body.release();
    }

    @Test
    void its_copy_for_another_process_is_made_once_and_closed_with_it() throws IOException {
        var body = Body.ofSize(SIZE);
        fill(body.bytes(), (byte) 7);

        var copy = body.file().orElseThrow();
        var read = ByteBuffer.allocateDirect(SIZE);
        copy.channel().read(read, 0);

        assertThat(copy.channel().size()).isEqualTo(SIZE);
        assertThat(holdsOnly(read.flip(), (byte) 7)).isTrue();
        assertThat(body.file()).containsSame(copy);
        body.release();
        assertThat(copy.channel().isOpen()).isFalse();
    }

    @Test
    void nobody_lets_go_twice() throws IOException {
        var body = Body.ofSize(SIZE);
        body.release();

        assertThatThrownBy(body::release).isInstanceOf(IllegalStateException.class);
        assertThat(body.hold()).isFalse();
    }

    /** A cache with room for a few, and threads that find, hold, read and let go while others take in and put out. */
    @Test
    void readers_never_see_what_another_entry_put_there() throws Exception {
        var cache = new FileCache(64 * 1024, 16);
        int files = 60;
        try (var threads = Executors.newFixedThreadPool(4)) {
            var work = new ArrayList<Callable<Integer>>();
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                work.add(() -> readAndReplace(cache, files, new Random(seed)));
            }

            int read = 0;
            for (var result : threads.invokeAll(work)) {
                read += result.get();
            }

            assertThat(read).isPositive();
        }
        for (int file = 0; file < files; file++) {
            cache.remove(SITE, path(file));
        }
        assertThat(cache.bytes()).isZero();
    }

    private static int readAndReplace(FileCache cache, int files, Random random) throws IOException {
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            int file = random.nextInt(files);
            var found = cache.find(SITE, path(file), path(file).length);
            if (found.isEmpty() || random.nextInt(20) == 0) {
                cache.put(entry(file));
                continue;
            }
            var content = found.get().content(AcceptEncoding.IDENTITY_ONLY).orElseThrow();
            if (content.hold()) {
                assertThat(holdsOnly(((Content.InMemory) content).body(), (byte) file))
                        .isTrue();
                content.release();
                read++;
            }
        }
        return read;
    }

    private static boolean assertsAreOn() {
        return BodyTest.class.desiredAssertionStatus();
    }

    private static Content.InMemory held(FileCache cache, int file) {
        var entry = cache.find(SITE, path(file), path(file).length).orElseThrow();
        var content = entry.content(AcceptEncoding.IDENTITY_ONLY).orElseThrow();
        assertThat(content.hold()).isTrue();
        return (Content.InMemory) content;
    }

    private static byte[] path(int file) {
        return ("/" + file).getBytes(UTF_8);
    }

    /** A file of bytes that are all its number. */
    private static FileEntry entry(int file) throws IOException {
        var identity = new Identity(0100644, SIZE, FileTime.fromMillis(0), FileTime.fromMillis(0), 1, file);
        var body = Body.ofSize(SIZE);
        fill(body.bytes(), (byte) file);
        return new FileEntry(
                SITE,
                path(file),
                List.of(identity),
                List.of(new Content.InMemory(Representation.of("text/plain", identity, Instant.EPOCH), body)),
                0);
    }

    private static void fill(ByteBuffer bytes, byte value) {
        for (int at = 0; at < bytes.capacity(); at++) {
            bytes.put(at, value);
        }
    }

    private static boolean holdsOnly(ByteBuffer bytes, byte value) {
        for (int at = 0; at < bytes.capacity(); at++) {
            if (bytes.get(at) != value) {
                return false;
            }
        }
        return true;
    }
}
