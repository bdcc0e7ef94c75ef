package drover.engine.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drover.engine.files.Body;
import drover.engine.files.OpenFile;
import drover.engine.http.ByteRange;
import drover.engine.respond.Delivery.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {

    /** More than two sockets' buffers hold, so that the output has to stop and go on. */
    private static final int LARGE = 24 << 20;

    @TempDir
    Path directory;

    private final byte[] content = new byte[LARGE];
    private SocketChannel server;
    private SocketChannel client;
    private Output output;

    @BeforeEach
    void connect() throws IOException {
        new Random(1).nextBytes(content);
        try (var listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            client = SocketChannel.open(listener.getLocalAddress());
            server = listener.accept();
        }
        server.configureBlocking(false);
        client.configureBlocking(false);
        output = new Output(server);
    }

    @AfterEach
    void disconnect() throws IOException {
        output.drop();
        server.close();
        client.close();
    }

    @Test
    void a_stretch_of_an_open_file_is_sent_and_the_file_closed() throws IOException {
        var file = file();

        output.append(file, new ByteRange(1000, LARGE - 1000));
        var received = drain();

        assertThat(received).isEqualTo(Arrays.copyOfRange(content, 1000, LARGE - 1000));
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void what_goes_at_once_ends_where_a_page_does_wherever_it_begins() throws IOException {
        output.append(file(), new ByteRange(1000, LARGE));

        var slice = output.readAhead();
        slice.file().release();

        assertThat(slice.count()).isGreaterThan(1 << 20);
        assertThat((slice.position() + slice.count()) % (64 << 10)).isZero();
    }

    @Test
    void a_head_goes_out_with_the_file_behind_it() throws IOException {
        output.append(file(), new ByteRange(0, 10));
        var head = ByteBuffer.allocateDirect(4).put("head".getBytes(US_ASCII)).flip();

        long sent = output.send(head) + output.resume();
        var received = ByteBuffer.allocate(20);
        client.configureBlocking(true);
        client.read(received);

        assertThat(sent).isEqualTo(14);
        assertThat(received.position()).isEqualTo(14);
        assertThat(Arrays.copyOf(received.array(), 4)).isEqualTo("head".getBytes(US_ASCII));
        assertThat(Arrays.copyOfRange(received.array(), 4, 14)).isEqualTo(Arrays.copyOf(content, 10));
    }

    @Test
    void parts_of_an_open_file_are_sent_in_order_and_the_file_closed() throws IOException {
        var file = file();

        output.append(file, parts());
        var received = drain();

        assertThat(received).isEqualTo(expectedParts());
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void parts_of_a_cached_file_are_sent_in_order() throws IOException {
        var body = body();

        output.append(body, parts());
        var received = drain();

        assertThat(received).isEqualTo(expectedParts());
        assertThat(body.hold()).isFalse();
    }

    @Test
    void a_cached_file_is_held_until_it_is_sent() throws IOException {
        var body = body();

        output.send(ByteBuffer.allocateDirect(1), body, body.bytes());
        assertThat(output.isEmpty()).isFalse();
        var received = drain();

        assertThat(Arrays.copyOfRange(received, 1, received.length)).isEqualTo(content);
        assertThat(body.hold()).isFalse();
    }

    @Test
    void what_is_not_sent_is_let_go_with_the_connection() throws IOException {
        var body = body();
        output.send(ByteBuffer.allocateDirect(1), body, body.bytes());

        output.drop();

        assertThat(body.hold()).isFalse();
        assertThat(output.isEmpty()).isTrue();
    }

    @Test
    void small_parts_go_out_in_one_turn() throws IOException {
        var file = file();
        output.append(file, List.of(part("a", 0, 10), part("b", 20, 30), part("c", 5, 6), part("end", 0, 0)));

        long sent = output.resume();

        assertThat(sent).isEqualTo(10 + 10 + 1 + "abcend".length());
        assertThat(output.isEmpty()).isTrue();
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void an_empty_stretch_sends_nothing_and_closes_the_file() throws IOException {
        var file = file();
        output.append(file, new ByteRange(0, 0));

        assertThat(output.resume()).isZero();
        assertThat(output.isEmpty()).isTrue();
        assertThat(file.channel().isOpen()).isFalse();
    }

    @Test
    void a_file_that_becomes_shorter_breaks_the_connection_off() throws IOException {
        var file = file();
        output.append(file, List.of(part("a", 0, 10), part("b", LARGE - 10, LARGE), part("end", 0, 0)));
        try (var shorter = FileChannel.open(directory.resolve("file"), StandardOpenOption.WRITE)) {
            shorter.truncate(100);
        }

        assertThatThrownBy(this::drain).isInstanceOf(IOException.class).hasMessageContaining("shorter");

        output.drop();
        assertThat(file.channel().isOpen()).isFalse();
        assertThat(output.isEmpty()).isTrue();
    }

    private OpenFile file() throws IOException {
        return new OpenFile(FileChannel.open(Files.write(directory.resolve("file"), content), StandardOpenOption.READ));
    }

    private Body body() throws IOException {
        var body = Body.ofSize(LARGE);
        body.bytes().duplicate().put(content);
        return body;
    }

    private static List<Part> parts() {
        return List.of(
                part("first", 5_000_000, 15_000_000),
                part("second", 0, 1),
                part("third", 20_000_000, LARGE),
                part("end", 0, 0));
    }

    private static Part part(String before, long first, long end) {
        return new Part(before.getBytes(US_ASCII), new ByteRange(first, end));
    }

    private byte[] expectedParts() {
        var expected = new ByteArrayOutputStream();
        for (var part : parts()) {
            expected.writeBytes(part.before());
            expected.write(
                    content, (int) part.range().first(), (int) part.range().length());
        }
        return expected.toByteArray();
    }

    /** Sends and reads in turns on one thread until all is through. */
    private byte[] drain() throws IOException {
        var received = new ByteArrayOutputStream();
        var buffer = new byte[1 << 20];
        while (!output.isEmpty()) {
            output.resume();
            receive(received, buffer);
        }
        server.shutdownOutput();
        while (receive(received, buffer)) {
            Thread.onSpinWait();
        }
        return received.toByteArray();
    }

    private boolean receive(ByteArrayOutputStream received, byte[] buffer) throws IOException {
        int count = client.read(ByteBuffer.wrap(buffer));
        if (count > 0) {
            received.write(buffer, 0, count);
        }
        return count >= 0;
    }

    @Test
    void what_the_kernel_has_not_in_memory_waits_for_a_reader() throws Exception {
        var file = directory.resolve("cold");
        Files.write(file, content);
        var opened = new OpenFile(FileChannel.open(file, StandardOpenOption.READ));
        assumeTrue(isForgotten(file, opened), "a file system without a disk");

        output.append(opened, new ByteRange(0, LARGE));

        assertThat(output.resume()).isZero();
        assertThat(output.waitsForDisk()).isTrue();
        var stretch = output.readAhead();
        stretch.file().readAhead(stretch.position(), stretch.count());
        stretch.file().release();
        assertThat(output.waitsForDisk()).isFalse();
        assertThat(output.resume()).isPositive();
    }

    /** Has the kernel drop what it has in memory of a file, and looks at its end, for to look already makes it read on. */
    private static boolean isForgotten(Path file, OpenFile opened) throws Exception {
        boolean isDone = true;
        for (int again = 0; again < 2; again++) { // what it has only just taken, it may not drop the first time
            isDone &= forget(file);
        }
        return isDone && !opened.isInMemory(LARGE - 1, 1);
    }

    private static boolean forget(Path file) throws Exception {
        var dd = new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
                .redirectErrorStream(true)
                .start();
        dd.getInputStream().readAllBytes();
        return dd.waitFor() == 0;
    }
}
