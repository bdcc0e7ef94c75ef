package drover.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {

    @ParameterizedTest
    @ValueSource(ints = {1024, 10_000, 1 << 20})
    void what_was_compressed_can_be_read_and_is_smaller(int size) throws IOException {
        var text = text(size);

        var compressed = bytes(Gzip.compress(direct(text)).orElseThrow().bytes());

        assertThat(compressed.length).isLessThan(size);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes())
                .isEqualTo(text);
    }

    @Test
    void equal_contents_have_equal_bytes_without_a_time() throws IOException {
        var first = bytes(Gzip.compress(direct(text(5_000))).orElseThrow().bytes());
        var second = bytes(Gzip.compress(direct(text(5_000))).orElseThrow().bytes());

        assertThat(first).isEqualTo(second);
        assertThat(Arrays.copyOf(first, 10)).containsExactly(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
    }

    @Test
    void what_would_not_get_smaller_or_is_small_is_left() throws IOException {
        assertThat(Gzip.compress(direct(text(1023)))).isEmpty();
        assertThat(Gzip.compress(direct(new byte[0]))).isEmpty();
        for (int size = 1024; size < 200_000; size += 9_999) {
            var noise = new byte[size];
            new Random(size).nextBytes(noise);
            assertThat(Gzip.compress(direct(noise))).isEmpty();
        }
    }

    @Test
    void it_is_never_larger_however_little_there_is_to_gain() throws IOException {
        for (int noisy = 900; noisy <= 1024; noisy++) {
            var content = new byte[1024];
            new Random(noisy).nextBytes(content);
            Arrays.fill(content, noisy, 1024, (byte) 0);

            var compressed = Gzip.compress(direct(content));

            compressed.ifPresent(body -> assertThat(body.size()).isLessThan(1024));
        }
    }

    private static byte[] text(int size) {
        var text = new byte[size];
        var random = new Random(1);
        for (int i = 0; i < size; i++) {
            text[i] = (byte) ('a' + random.nextInt(8));
        }
        return text;
    }

    private static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    private static byte[] bytes(ByteBuffer body) {
        var bytes = new byte[body.capacity()];
        body.get(0, bytes);
        return bytes;
    }
}
