package drover.engine.explain;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.FileCache;
import drover.engine.vhost.VirtualHosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExplainSocketTest {

    private static final String CLIENT = "client 192.0.2.7\n";

    @TempDir
    private Path directory = Path.of("");

    private final FileCache cache = new FileCache(1 << 20, 8);

    @BeforeEach
    void listens() throws IOException {
        Files.createDirectories(directory.resolve("sites/default"));
        Files.writeString(directory.resolve("sites/default/a.txt"), "a text");
        Files.writeString(directory.resolve("explain-3-1.sock"), "of an earlier process");
        var socket = new ExplainSocket(directory, 3, 1, new VirtualHosts(directory.resolve("sites")), cache);
        var thread = new Thread(socket, "explain");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void a_question_is_answered_and_the_cache_knows_nothing_of_it() throws IOException {
        var answer = ask(CLIENT + "GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer)
                .contains("site default", "why No site has the host; this one has all that no other has.")
                .contains("file " + directory.resolve("sites/default/a.txt"), "cache miss", "status 200 OK")
                .contains("field Content-Length: 6");
        assertThat(cache.entries()).isZero();
    }

    @Test
    void what_a_client_says_is_no_line_of_its_own() throws IOException {
        var answer = ask(CLIENT + "GET /%C2%85step%20x HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer).contains("step The path of a file is /\\x85step x.").contains("status 404 Not Found");
    }

    @Test
    void what_is_no_request_is_said_to_be_none() throws IOException {
        assertThat(ask("GET / HTTP/1.1\r\n\r\n"))
                .containsExactly("error the question does not begin with whom the request is of");
        assertThat(ask("client nobody\nGET / HTTP/1.1\r\n\r\n")).containsExactly("error the client is no address");
        assertThat(ask(CLIENT + "GET / HTTP/1.1\r\nHost: x\r\n")).containsExactly("error it is no whole request");
        assertThat(ask(CLIENT + "GET / HTTP/1.1\r\n\r\n")).contains("status 400 Bad Request");
        assertThat(ask(CLIENT + "GET / HTTP/1.1\r\nHost: x\r\n" + "X: y\r\n".repeat(5000) + "\r\n"))
                .contains("status 431 Request Header Fields Too Large");
    }

    @Test
    void who_says_nothing_keeps_the_next_one_waiting_for_a_second_only() throws IOException {
        try (var silent = connected()) {
            silent.write(ByteBuffer.wrap(CLIENT.getBytes(StandardCharsets.US_ASCII)));

            assertThat(ask(CLIENT + "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).contains("status 404 Not Found");
        }
    }

    private List<String> ask(String question) throws IOException {
        try (var channel = connected()) {
            var out = ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII));
            try {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                channel.shutdownOutput();
            } catch (IOException longEnough) {
                // it has heard enough, and answers
            }
            var all = new ByteArrayOutputStream();
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return all.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** As soon as it listens. */
    private SocketChannel connected() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(directory.resolve("explain-3-1.sock")));
                return channel;
            } catch (IOException notYet) {
                channel.close();
                if (System.nanoTime() - deadline > 0) {
                    throw notYet;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }
}
