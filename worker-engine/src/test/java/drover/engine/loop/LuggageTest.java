package drover.engine.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drover.engine.accesslog.Served;
import drover.engine.files.OpenFile;
import drover.engine.http.ByteRange;
import drover.engine.http.ContentCoding;
import drover.engine.lane.Accepted;
import drover.engine.lane.Handover;
import drover.engine.lane.Stage;
import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import drover.engine.respond.Delivery.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuggageTest {

    private static final int SIZE = 10_000;
    private static final byte[] HEAD = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII);

    @TempDir
    Path directory;

    /** A response of which a stretch is left, and two parts of the file behind it. */
    static Luggage luggage(OpenFile file, long position, long end) {
        var begun = new Served.Begun(5, 6, Served.Cache.HIT, ContentCoding.GZIP, "user".getBytes(US_ASCII));
        var rest = new Rest(
                "head".getBytes(US_ASCII),
                new ByteRange(position, end),
                List.of(
                        new Part("before".getBytes(US_ASCII), new ByteRange(0, 10)),
                        new Part("after".getBytes(US_ASCII), new ByteRange(0, 0))),
                Optional.of(file));
        var transfer = new Transfer(206, /* closes= */ true, /* lingers= */ false, -4, begun, HEAD, rest);
        return new Luggage(
                /* answered= */ true, "next".getBytes(US_ASCII), new byte[] {1, 2, 3, 4}, Optional.of(transfer));
    }

    static OpenFile open(Path file) throws IOException {
        return new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    /** What it is packed to. */
    static byte[] bytes(Luggage luggage) throws IOException {
        int fd = luggage.pack(-1).orElseThrow()[1];
        try (var packed = Adoption.file(fd)) {
            var bytes = ByteBuffer.allocate((int) packed.size());
            packed.read(bytes, 0);
            return bytes.array();
        }
    }

    /** How often this process has a file open. */
    static long opened(Path file) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(fd -> isOf(fd, file)).count();
        }
    }

    private static boolean isOf(Path fd, Path file) {
        try {
            return Files.isSameFile(fd, file);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private Path file() {
        try {
            return Files.write(directory.resolve("file"), new byte[SIZE]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Handover handover(Stage stage, int... descriptors) {
        return new Handover(
                new Accepted(1, 0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)), stage, 1, descriptors);
    }

    /** Unpacks these bytes with a descriptor of a file of their own. */
    private static Luggage unpack(byte[] bytes, Path file) throws IOException {
        int descriptor = Posix.openToLock(file);
        return Luggage.unpack(handover(Stage.RESPONSE, -1, Posix.memoryFile("luggage", bytes), descriptor));
    }

    @Test
    void a_response_is_unpacked_as_it_was_packed() throws IOException {
        var file = file();
        var packed = luggage(open(file), 100, SIZE);

        var unpacked = unpack(bytes(packed), file);

        assertThat(unpacked)
                .usingRecursiveComparison()
                .ignoringFields("transfer")
                .isEqualTo(packed);
        var was = packed.transfer().orElseThrow();
        var is = unpacked.transfer().orElseThrow();
        assertThat(is).usingRecursiveComparison().ignoringFields("rest").isEqualTo(was);
        assertThat(is.rest()).usingRecursiveComparison().ignoringFields("file").isEqualTo(was.rest());
        assertThat(opened(file)).isEqualTo(2);
        is.rest().file().orElseThrow().release();
        was.rest().file().orElseThrow().release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "IDLE"})
    void a_connection_between_responses_has_no_file(Stage stage) throws IOException {
        var packed = new Luggage(true, "GET /".getBytes(US_ASCII), new byte[16], Optional.empty());

        var unpacked = Luggage.unpack(handover(stage, -1, Posix.memoryFile("luggage", bytes(packed))));

        assertThat(unpacked).usingRecursiveComparison().isEqualTo(packed);
        var file = file();
        assertThatThrownBy(() -> Luggage.unpack(
                        handover(stage, -1, Posix.memoryFile("luggage", bytes(packed)), Posix.openToLock(file))))
                .isInstanceOf(IOException.class);
        assertThat(opened(file)).isZero();
    }

    @Test
    void a_record_without_luggage_says_all_but_a_response() throws IOException {
        assertThat(Luggage.unpack(handover(Stage.IDLE, -1)).answered()).isTrue();
        assertThat(Luggage.unpack(handover(Stage.HEAD, -1)).answered()).isFalse();
        assertThatThrownBy(() -> Luggage.unpack(handover(Stage.RESPONSE, -1))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"-1,5", "6,5", "0,10001", "-9223372036854775808,9223372036854775807"})
    void a_stretch_lies_in_the_file(long position, long end) throws IOException {
        var file = file();
        var opened = open(file);
        var bytes = bytes(luggage(opened, position, end));
        opened.release();

        assertThatThrownBy(() -> unpack(bytes, file)).isInstanceOf(IOException.class);
        assertThat(opened(file)).isZero();
    }

    @Test
    void only_a_regular_file_is_sent() throws IOException {
        var opened = open(file());
        var bytes = bytes(luggage(opened, 0, 0));
        opened.release();

        assertThatThrownBy(() -> unpack(bytes, directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("regular");
        assertThat(opened(directory)).isZero();
    }

    @Test
    void what_is_cut_off_or_too_long_is_refused_and_its_file_closed() throws IOException {
        var file = file();
        var opened = open(file);
        var bytes = bytes(luggage(opened, 100, SIZE));
        opened.release();

        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                var other = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> unpack(other, file)).isInstanceOf(IOException.class);
            }
        }
        assertThat(opened(file)).isZero();
    }

    @Test
    void any_bytes_are_luggage_or_refused() throws IOException {
        var file = file();
        var opened = open(file);
        var bytes = bytes(luggage(opened, 100, SIZE));
        opened.release();
        var random = new Random(1);
        int refused = 0;

        for (int i = 0; i < 5_000; i++) {
            var other = bytes.clone();
            other[random.nextInt(other.length)] = (byte) random.nextInt(256);
            other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                var response = unpack(other, file).transfer().orElseThrow();
                assertThat(response.status()).matches(code -> code == 0 || (code >= 200 && code < 600));
                response.rest().file().orElseThrow().release();
            } catch (IOException broken) {
                refused++;
            }
        }

        assertThat(refused).isBetween(500, 5_000);
        assertThat(opened(file)).isZero();
    }
}
