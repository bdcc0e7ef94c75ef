package drover.engine.loop;

import static drover.engine.loop.SlowClient.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.config.ClientsConfig;
import drover.engine.lane.Accepted;
import drover.engine.lane.Drain;
import drover.engine.lane.Handover;
import drover.engine.lane.Stage;
import drover.engine.peer.AddressBlock;
import drover.engine.peer.Forwarding;
import drover.engine.posix.Posix;
import drover.engine.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A response goes on in another worker where the first one stopped; the client sees one answer, the log has one line. */
class TransferTest {

    private static final int BROKEN = 60;
    private static final String FROM_FILE = "/large.bin";
    private static final String FROM_MEMORY = "/medium.txt";

    @TempDir
    Path directory;

    private final Map<String, byte[]> contents = new TreeMap<>();
    private RunningLoop old;
    private RunningLoop successor;
    private SlowClient client;
    /** What the successor has to send the rest of the answer from. */
    private String sentFrom = "";

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(directory.resolve("sites/default"));
        create("/small.txt", 100);
        create("/page.txt", 12_000); // copied behind its head
        create(FROM_MEMORY, 900_000);
        create(FROM_FILE, 24 << 20);
        run(ClientsConfig.DIRECT);
    }

    private void run(ClientsConfig clients) throws IOException {
        old = new RunningLoop(directory, "old", clients);
        successor = new RunningLoop(directory, "successor", clients);
        client = new SlowClient(old.master(), 7);
    }

    private void create(String path, int size) throws IOException {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        Files.write(directory.resolve("sites/default" + path), content);
        contents.put(path, content);
    }

    private byte[] content(String path) {
        return Objects.requireNonNull(contents.get(path));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        old.close();
        successor.close();
    }

    /** The old worker is replaced while the answer is on its way, and is gone before the client reads on. */
    private void replaceInMidAnswer() throws IOException {
        client.awaitAnswer();
        sentFrom = handOver(old, successor).toString();
        assertThat(old.counted(Counter.HANDED_OVER_RESTART_TRANSFER)).isEqualTo(1);
    }

    /** Returns what the last of the connection's descriptors is open on. */
    private static Path handOver(RunningLoop from, RunningLoop to) throws IOException {
        from.master().drain(Drain.RESTART);
        var returned = from.master().returned();
        assertThat(returned.stages()).containsExactly(Stage.RESPONSE);
        from.master().took(1);
        from.master().passOn(returned, to.master());
        from.master().room();
        from.awaitDone();
        return returned.file(returned.descriptors().size() - 1);
    }

    /** The same connection serves on, and all that was answered on it is logged by the successor, each answer once. */
    private void isServedAndLogged(String... lines) throws IOException {
        var next = client.get("/small.txt");

        assertThat(next.code()).isEqualTo(200);
        assertThat(next.body()).isEqualTo(content("/small.txt"));
        assertThat(next.fields()).doesNotContainKey("connection");
        await("the log")
                .atMost(RunningLoop.PATIENCE)
                .until(() -> successor.lines().size() > lines.length);
        assertThat(old.lines()).isEmpty();
        var logged = successor.lines();
        assertThat(logged).hasSize(lines.length + 1);
        for (int i = 0; i < lines.length; i++) {
            assertThat(logged.get(i)).contains(lines[i]);
        }
        assertThat(successor.counted(Counter.REQUESTS_2XX)).isEqualTo(lines.length + 1);
        assertThat(old.counted(Counter.REQUESTS_2XX)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {FROM_FILE, FROM_MEMORY})
    void all_of_a_file(String path) throws IOException {
        client.send(request("GET", path));

        replaceInMidAnswer();
        var response = client.response("GET");

        assertThat(sentFrom).contains(path.equals(FROM_FILE) ? FROM_FILE : "memfd:content");
        assertThat(response.code()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), content(path))).isTrue();
        isServedAndLogged("\"GET " + path + " HTTP/1.1\" 200 " + content(path).length + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {FROM_FILE, FROM_MEMORY})
    void a_range(String path) throws IOException {
        int end = content(path).length - 1000;
        client.send(request("GET", path, "Range: bytes=1000-" + (end - 1)));

        replaceInMidAnswer();
        var response = client.response("GET");

        assertThat(response.code()).isEqualTo(206);
        assertThat(Arrays.equals(response.body(), Arrays.copyOfRange(content(path), 1000, end)))
                .isTrue();
        isServedAndLogged("\"GET " + path + " HTTP/1.1\" 206 " + (end - 1000) + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {FROM_FILE, FROM_MEMORY})
    void several_ranges(String path) throws IOException {
        var content = content(path);
        int half = content.length / 2;
        client.send(request("GET", path, "Range: bytes=" + half + "-,0-299999,-1"));

        replaceInMidAnswer();
        var response = client.response("GET");

        var boundary = "--" + response.field("content-type").replace("multipart/byteranges; boundary=", "");
        var type = path.endsWith("txt") ? "text/plain; charset=utf-8" : "application/octet-stream";
        var part = boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: bytes ";
        assertThat(response.code()).isEqualTo(206);
        assertThat(new String(response.body(), ISO_8859_1)
                        .equals(part + half + "-" + (content.length - 1) + "/" + content.length + "\r\n\r\n"
                                + new String(content, half, content.length - half, ISO_8859_1) + "\r\n" + part
                                + "0-299999/" + content.length + "\r\n\r\n"
                                + new String(content, 0, 300_000, ISO_8859_1)
                                + "\r\n" + boundary + "--\r\n"))
                .isTrue();
        isServedAndLogged("\"GET " + path + " HTTP/1.1\" 206 " + response.field("content-length") + " ");
    }

    @Test
    void requests_that_were_sent_behind_it() throws IOException {
        client.send(request("GET", FROM_FILE) + request("HEAD", FROM_FILE) + request("GET", FROM_MEMORY));

        replaceInMidAnswer();
        var download = client.response("GET");
        var head = client.response("HEAD");
        var behind = client.response("GET");

        assertThat(Arrays.equals(download.body(), content(FROM_FILE))).isTrue();
        assertThat(head.field("content-length")).isEqualTo("" + content(FROM_FILE).length);
        assertThat(Arrays.equals(behind.body(), content(FROM_MEMORY))).isTrue();
        isServedAndLogged(
                " 200 " + content(FROM_FILE).length + " ", "\"HEAD ", " 200 " + content(FROM_MEMORY).length + " ");
    }

    @Test
    void answers_that_were_logged_but_not_taken_yet() throws IOException {
        int many = 60;
        client.get("/page.txt"); // from here on in memory
        client.send(request("GET", "/page.txt").repeat(many));

        client.awaitAnswer();
        await("so many that the socket is full")
                .atMost(RunningLoop.PATIENCE)
                .until(() -> old.counted(Counter.CONNECTIONS_WRITING) == 1);
        handOver(old, successor);
        for (int i = 0; i < many; i++) {
            assertThat(client.response("GET").body()).isEqualTo(content("/page.txt"));
        }

        assertThat(client.get("/small.txt").code()).isEqualTo(200);
        await("one line for each")
                .atMost(RunningLoop.PATIENCE)
                .untilAsserted(
                        () -> assertThat(old.lines().size() + successor.lines().size())
                                .isEqualTo(1 + many + 1));
        assertThat(successor.lines().size()).isBetween(2, many);
    }

    @Test
    void an_answer_with_which_the_connection_ends() throws IOException {
        client.send(request("GET", FROM_FILE, "Connection: close"));

        replaceInMidAnswer();
        var response = client.response("GET");

        assertThat(response.field("connection")).isEqualTo("close");
        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(successor.logged()).hasSize(1);
    }

    @Test
    void from_worker_to_worker_to_worker() throws IOException {
        try (var last = new RunningLoop(directory, "last", ClientsConfig.DIRECT)) {
            client.send(request("GET", FROM_MEMORY));
            replaceInMidAnswer();
            await("it goes on")
                    .atMost(RunningLoop.PATIENCE)
                    .until(() -> successor.counted(Counter.CONNECTIONS_WRITING) == 1);

            handOver(successor, last);
            var response = client.response("GET");

            assertThat(Arrays.equals(response.body(), content(FROM_MEMORY))).isTrue();
            assertThat(client.get("/small.txt").code()).isEqualTo(200);
            assertThat(successor.lines()).isEmpty();
            assertThat(last.logged().getFirst()).contains(" 200 " + content(FROM_MEMORY).length + " ");
            client.close();
        }
    }

    /** The old worker corked the socket for the file; corked, the kernel would keep each of these back for 200 ms. */
    @Test
    void what_follows_it_is_not_kept_back() throws IOException {
        client.send(request("GET", FROM_FILE));
        replaceInMidAnswer();
        client.response("GET");

        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            client.get("/small.txt");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void a_file_that_was_replaced_meanwhile_is_sent_as_it_was() throws IOException {
        client.send(request("GET", FROM_FILE));
        client.awaitAnswer();
        Files.delete(directory.resolve("sites/default" + FROM_FILE));

        replaceInMidAnswer();
        var response = client.response("GET");

        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        isServedAndLogged(" 200 " + content(FROM_FILE).length + " ");
    }

    @Test
    void whom_the_proxy_named_goes_along() throws IOException {
        stop();
        run(new ClientsConfig(List.of(AddressBlock.of("127.0.0.0/8")), List.of(), Forwarding.X_FORWARDED_FOR, 0));
        client.send("PROXY TCP4 203.0.113.7 203.0.113.1 5000 80\r\n" + request("GET", FROM_FILE));

        replaceInMidAnswer();
        var response = client.response("GET");

        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        isServedAndLogged("203.0.113.7 - - ");
    }

    @Test
    void nobody_takes_it_so_it_is_finished_where_it_began() throws IOException {
        client.send(request("GET", FROM_FILE));
        client.awaitAnswer();
        old.master().drain(Drain.RESTART);
        old.master().returned();

        old.master().took(0);
        old.master().drain(Drain.ALONE);
        old.master().room();
        var response = client.response("GET");

        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        assertThat(old.logged()).hasSize(1).first().asString().contains(" 200 " + content(FROM_FILE).length + " ");
        assertThat(old.counted(Counter.HANDED_OVER_RESTART_TRANSFER)).isZero();
    }

    @Test
    void the_master_gives_it_back_so_it_is_finished_where_it_began() throws IOException {
        client.send(request("GET", FROM_FILE));
        client.awaitAnswer();
        old.master().drain(Drain.RESTART);
        var returned = old.master().returned();

        old.master().took(1);
        await("nothing is left here, but it may come back")
                .atMost(RunningLoop.PATIENCE)
                .until(() -> old.counted(Counter.HANDED_OVER_RESTART_TRANSFER) == 1);
        old.master().drain(Drain.ALONE);
        old.master().passOn(returned, old.master());
        old.master().room();
        var response = client.response("GET");

        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        assertThat(old.logged()).hasSize(1).first().asString().contains(" 200 " + content(FROM_FILE).length + " ");
    }

    @Test
    void the_master_dies_with_it_so_it_is_finished_where_it_began() throws IOException {
        client.send(request("GET", FROM_FILE));
        client.awaitAnswer();
        old.master().drain(Drain.RESTART);
        old.master().returned();

        old.master().close();
        var response = client.response("GET");

        assertThat(Arrays.equals(response.body(), content(FROM_FILE))).isTrue();
        assertThat(old.logged()).hasSize(1);
        client.close();
        old.awaitDone();
    }

    // ---- what another worker says is not believed

    /** A response whose first 100 bytes were sent, as another worker would say it. */
    private Luggage luggage(Path file) throws IOException {
        return LuggageTest.luggage(LuggageTest.open(file), 100, content(FROM_FILE).length);
    }

    private Path file() {
        return directory.resolve("sites/default" + FROM_FILE);
    }

    /** Hands this to the successor as if another worker had sent it, with the client's connection. */
    private void handOver(byte[] luggage) throws IOException {
        var peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        int[] pair = new int[2];
        assertThat(Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_STREAM | Posix.SOCK_NONBLOCK, pair))
                .isZero();
        int fd = Posix.memoryFile("luggage", luggage);
        var opened = LuggageTest.open(file());
        successor
                .master()
                .dispatch(new Handover(
                        new Accepted(9, 0, peer), Stage.RESPONSE, System.nanoTime(), new int[] {pair[0], fd, opened.fd()
                        }));
        opened.release();
        for (int ours : new int[] {pair[0], pair[1], fd}) {
            Posix.close(ours); // the client is gone, too
        }
    }

    @Test
    void luggage_of_any_bytes_ends_its_connection_and_nothing_else() throws IOException {
        var valid = LuggageTest.bytes(luggage(file()));
        var random = new Random(4);
        var broken = new ArrayList<byte[]>();
        for (int i = 0; i < BROKEN; i++) {
            var bytes = Arrays.copyOf(valid, i % 3 == 0 ? random.nextInt(valid.length) : valid.length);
            for (int j = 0; j < 1 + i % 4 && bytes.length > 0; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            broken.add(bytes);
        }
        long files = LuggageTest.opened(file());

        for (var bytes : broken) {
            handOver(bytes);
        }

        await("all of them have ended").atMost(RunningLoop.PATIENCE).untilAsserted(() -> {
            assertThat(successor.counted(Counter.CONNECTIONS_DISPATCHED)).isEqualTo(BROKEN);
            assertThat(successor.counted(Counter.CONNECTIONS_WRITING)).isZero();
            assertThat(LuggageTest.opened(file())).isEqualTo(files);
        });
        client.close();
        client = new SlowClient(successor.master(), 10);
        assertThat(client.get("/small.txt").code()).isEqualTo(200);
    }

    @Test
    void a_response_without_a_request_ends_its_connection() throws IOException {
        var valid = luggage(file());
        var response = valid.transfer().orElseThrow();
        var forged = new Luggage(
                false,
                valid.input(),
                valid.source(),
                Optional.of(new Transfer(
                        response.status(),
                        false,
                        false,
                        response.bodyBytes(),
                        response.begun(),
                        "no request\r\nRange: bytes=0-\r\nRange".getBytes(ISO_8859_1),
                        response.rest())));
        long files = LuggageTest.opened(file());

        handOver(LuggageTest.bytes(forged));

        await("it has ended").atMost(RunningLoop.PATIENCE).untilAsserted(() -> {
            assertThat(successor.counted(Counter.CONNECTIONS_DISPATCHED)).isEqualTo(1);
            assertThat(successor.counted(Counter.CONNECTIONS_WRITING)).isZero();
            assertThat(LuggageTest.opened(file())).isEqualTo(files);
        });
        assertThat(successor.logged()).hasSize(1);
    }
}
