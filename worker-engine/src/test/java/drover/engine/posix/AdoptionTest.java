package drover.engine.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptionTest {

    @Test
    void this_jdk_lets_descriptors_be_adopted() {
        Adoption.check();
    }

    @Test
    void an_adopted_packet_socket_is_selectable_and_its_close_closes_the_descriptor() throws IOException {
        var pair = new int[2];
        assertThat(Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_SEQPACKET, pair)).isZero();
        try (var channel = Adoption.unix(pair[0]);
                var selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            assertThat(selector.selectNow()).isZero();

            assertThat(Posix.send(pair[1], new byte[] {1, 2, 3})).isEqualTo(3);

            assertThat(selector.select(5_000)).isEqualTo(1);
            var message = new DescriptorMessage(64, 4);
            assertThat(message.receive(pair[0])).isEqualTo(3);
            assertThat(message.descriptors()).isZero();
            assertThat(message.receive(pair[0])).isEqualTo(-Posix.EAGAIN);
        }
        assertThat(Posix.send(pair[1], new byte[] {1})).isNegative();
        Posix.close(pair[1]);
    }

    @Test
    void an_opened_file_is_read_through_its_channel(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("file"), "content");
        int root = Posix.openDirectory(directory);
        int fd = Posix.openBeneath(root, "file");

        var bytes = ByteBuffer.allocate(16);
        try (var channel = Adoption.file(fd)) {
            channel.read(bytes);
        }

        assertThat(new String(bytes.array(), 0, bytes.position(), US_ASCII)).isEqualTo("content");
        assertThat(Files.exists(Path.of("/proc/self/fd/" + fd))).isFalse();
        assertThat(Posix.openBeneath(root, "none")).isEqualTo(-Posix.ENOENT);
        Posix.close(root);
    }

    @Test
    void a_call_that_fails_says_why() {
        assertThat(Posix.close(1 << 20)).isEqualTo(-9); // EBADF
        assertThat(Posix.connect(0, Path.of("/" + "x".repeat(200)))).isEqualTo(-Posix.ENAMETOOLONG);
    }
}
