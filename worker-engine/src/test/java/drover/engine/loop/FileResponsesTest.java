package drover.engine.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.accesslog.LogLine;
import drover.engine.config.AccessLogFormat;
import drover.engine.config.ClientsConfig;
import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.FileThreads;
import drover.engine.lane.Accepted;
import drover.engine.lane.Drain;
import drover.engine.lane.Lane;
import drover.engine.posix.Posix;
import drover.engine.respond.Responder;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.Seat;
import drover.engine.vhost.VirtualHosts;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An event loop with its files, as a client sees it; only the master is missing. */
class FileResponsesTest {

    private static final String BROWSER = "Accept-Encoding: gzip, deflate, br, zstd";
    private static final String[] FILES = {"/small.txt", "/medium.txt", "/large.txt"};

    @TempDir
    Path directory;

    private final Map<String, byte[]> contents = new TreeMap<>();
    private final int[] lane = new int[2];
    private EventLoop loop;
    private Thread thread;
    private Socket client;
    private InputStream in;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Response(int code, Map<String, String> fields, byte[] body) {

        String field(String name) {
            return fields.getOrDefault(name, "none");
        }
    }

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(directory.resolve("sites/default"));
        create("/small.txt", 100); // copied behind its head
        create("/medium.txt", 200_000); // sent from the cache
        create("/large.txt", 24 << 20); // sent from the file, and more than two sockets hold
        create("/empty.txt", 0);

        var cache = new FileCache(64 << 20, 16);
        var region = Region.create(directory.resolve("region"), new RegionLayout(1, 3));
        region.reserve(1);
        assertThat(Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_SEQPACKET, lane)).isZero();
        loop = new EventLoop(new EventLoop.Setup(
                0,
                Seat.take(region, 1, 0, 1, 1, true).loops().getFirst(),
                () -> Lane.over(lane[0], 1, 0, 0, Lane.message()),
                new Responder(new VirtualHosts(directory.resolve("sites")), cache),
                new DocumentRoot(cache),
                new FileThreads("file", 1, 16),
                new FileThreads("reader", 1, 16),
                Optional.empty(),
                new Capacity(1000, 16),
                new LogLine(AccessLogFormat.COMBINED, 1),
                ClientsConfig.DIRECT,
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                () -> {}));
        thread = Thread.ofPlatform().daemon().start(loop);
        connect();
    }

    private void create(String path, int size) throws IOException {
        var content = new byte[size];
        new Random(size).nextBytes(content);
        Files.write(file(path), content);
        contents.put(path, content);
    }

    private byte[] content(String path) {
        return Objects.requireNonNull(contents.get(path));
    }

    private Path file(String path) {
        return directory.resolve("sites/default" + path);
    }

    private void connect() throws IOException {
        try (var listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var address = (InetSocketAddress) listener.getLocalAddress();
            client = new Socket(address.getAddress(), address.getPort());
            var accepted = listener.accept();
            accepted.configureBlocking(false);
            var peer = new Client(ClientsConfig.DIRECT, Optional.empty(), address.getAddress());
            loop.execute(() -> new Connection(loop, accepted, -1, new Accepted(1, 0, address), peer).open());
        }
        client.setSoTimeout(10_000);
        in = new BufferedInputStream(client.getInputStream());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        loop.execute(() -> loop.drain(Drain.ALONE));
        assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    }

    /** For a large file the socket is corked; were it still, the kernel would keep each of these back for 200 ms. */
    @Test
    void what_follows_a_large_file_is_not_kept_back() throws IOException {
        get("/large.txt");

        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            get("/small.txt");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void a_file_comes_with_its_validators_and_head_says_the_same() throws IOException {
        for (var path : FILES) {
            var get = get(path);
            var head = ask("HEAD", path);

            assertThat(get.code).isEqualTo(200);
            assertThat(get.body).isEqualTo(content(path));
            assertThat(get.fields).containsKeys("etag", "last-modified").containsEntry("accept-ranges", "bytes");
            assertThat(without(head.fields, "date")).isEqualTo(without(get.fields, "date"));
        }
    }

    @Test
    void what_the_client_has_is_not_sent_again() throws IOException {
        for (var path : FILES) {
            var known = get(path);

            for (var method : new String[] {"GET", "HEAD"}) {
                var response = ask(method, path, "If-None-Match: " + known.field("etag"));

                assertThat(response.code).isEqualTo(304);
                assertThat(response.fields)
                        .containsEntry("etag", known.field("etag"))
                        .containsKey("date")
                        .doesNotContainKeys("content-length", "content-type", "last-modified");
            }
            assertThat(get(path, "If-Modified-Since: " + known.field("last-modified")).code)
                    .isEqualTo(304);
            assertThat(get(path, "If-Match: \"other\"").code).isEqualTo(412);
            assertThat(get(path, "If-Match: " + known.field("etag")).body).isEqualTo(content(path));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-0", "1-98", "50-", "-1", "99-99999999", "0-"})
    void a_range_is_sent_alone(String range) throws IOException {
        for (var path : FILES) {
            var content = content(path);

            var response = get(path, "Range: bytes=" + range);

            assertThat(response.code).isEqualTo(206);
            var place = response.field("content-range").split("[ /-]", -1);
            assertThat(response.body)
                    .isEqualTo(Arrays.copyOfRange(content, Integer.parseInt(place[1]), Integer.parseInt(place[2]) + 1));
            assertThat(place[3]).isEqualTo("" + content.length);
        }
    }

    @Test
    void several_ranges_are_sent_in_the_order_asked_for() throws IOException {
        for (var path : FILES) {
            var content = content(path);
            int half = content.length / 2;

            var response = get(path, "Range: bytes=" + half + "-,0-9");

            var boundary = "--" + response.field("content-type").replace("multipart/byteranges; boundary=", "");
            var part = boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
            assertThat(response.code).isEqualTo(206);
            assertThat(new String(response.body, ISO_8859_1)
                            .equals(part + half + "-" + (content.length - 1) + "/" + content.length + "\r\n\r\n"
                                    + new String(content, half, content.length - half, ISO_8859_1) + "\r\n" + part
                                    + "0-9/" + content.length + "\r\n\r\n" + new String(content, 0, 10, ISO_8859_1)
                                    + "\r\n" + boundary + "--\r\n"))
                    .as(path)
                    .isTrue();
        }
    }

    @Test
    void what_lies_beyond_the_end_is_refused_with_the_length() throws IOException {
        for (var path : FILES) {
            var response = get(path, "Range: bytes=99999999-");

            assertThat(response.code).isEqualTo(416);
            assertThat(response.field("content-range")).isEqualTo("bytes */" + content(path).length);
        }
        assertThat(get("/empty.txt", "Range: bytes=0-").code).isEqualTo(416);
        assertThat(get("/empty.txt", "Range: bytes=-1").code).isEqualTo(200);
    }

    @Test
    void each_coding_is_its_own_content_with_its_own_tag() throws IOException {
        createCodings();
        for (var path : new String[] {"/page.html", "/stored.js", "/huge.js"}) {
            var plain = get(path);
            var gzip = get(path, BROWSER);

            assertThat(gzip.field("content-encoding")).isEqualTo("gzip");
            assertThat(gzip.field("content-type")).isEqualTo(plain.field("content-type"));
            assertThat(gunzip(gzip.body)).isEqualTo(plain.body).isEqualTo(content(path));
            assertThat(gzip.body.length).isLessThan(plain.body.length);
            assertThat(plain.fields).doesNotContainKey("content-encoding");
            for (var response : new Response[] {plain, gzip}) {
                assertThat(response.field("vary")).isEqualTo("Accept-Encoding");
            }
            assertThat(without(ask("HEAD", path, BROWSER).fields, "date")).isEqualTo(without(gzip.fields, "date"));

            assertThat(get(path, BROWSER, "If-None-Match: " + plain.field("etag")).body)
                    .isEqualTo(gzip.body);
            assertThat(get(path, "If-None-Match: " + gzip.field("etag")).body).isEqualTo(plain.body);
            var known = get(path, BROWSER, "If-None-Match: " + gzip.field("etag"));
            assertThat(known.code).isEqualTo(304);
            assertThat(known.fields)
                    .containsEntry("vary", "Accept-Encoding")
                    .containsEntry("etag", gzip.field("etag"))
                    .doesNotContainKey("content-encoding");
        }
    }

    @Test
    void a_part_is_one_of_the_bytes_that_lie_there() throws IOException {
        createCodings();
        for (var path : new String[] {"/stored.js", "/huge.js"}) {
            var gzip = get(path, BROWSER);
            var plain = get(path);

            var part = get(path, BROWSER, "Range: bytes=1-9", "If-Range: " + gzip.field("etag"));

            assertThat(part.code).isEqualTo(206);
            assertThat(part.fields)
                    .containsEntry("content-encoding", "gzip")
                    .containsEntry("vary", "Accept-Encoding")
                    .containsEntry("content-range", "bytes 1-9/" + gzip.body.length);
            assertThat(part.body).isEqualTo(Arrays.copyOfRange(gzip.body, 1, 10));
            assertThat(get(path, BROWSER, "Range: bytes=1-9", "If-Range: " + plain.field("etag")).body)
                    .isEqualTo(gzip.body);
            assertThat(get(path, BROWSER, "Range: bytes=0-0,5-6").body).isEqualTo(gzip.body);
        }
    }

    @Test
    void a_part_of_what_is_compressed_here_is_one_of_the_plain_file() throws IOException {
        createCodings();
        var path = "/page.html";
        var gzip = get(path, BROWSER);
        var plain = get(path);

        var part = get(path, BROWSER, "Range: bytes=1-9");

        assertThat(gzip.fields).doesNotContainKey("accept-ranges");
        assertThat(part.code).isEqualTo(206);
        assertThat(part.fields)
                .containsEntry("etag", plain.field("etag"))
                .containsEntry("vary", "Accept-Encoding")
                .doesNotContainKey("content-encoding");
        assertThat(part.body).isEqualTo(Arrays.copyOfRange(plain.body, 1, 10));
        assertThat(get(path, BROWSER, "Range: bytes=1-9", "If-Range: " + gzip.field("etag")).body)
                .isEqualTo(plain.body);
    }

    @Test
    void a_date_does_not_tell_codings_apart_so_it_joins_no_parts() throws IOException {
        createCodings();
        for (var path : new String[] {"/page.html", "/stored.js", "/small.txt"}) {
            Files.setLastModifiedTime(file(path), FileTime.fromMillis(784111777_000L));
            var date = "If-Range: " + get(path).field("last-modified");

            var response = get(path, "Range: bytes=1-9", date);

            assertThat(response.code).isEqualTo(path.equals("/small.txt") ? 206 : 200);
        }
    }

    @Test
    void a_file_that_is_only_there_compressed_is_missing_to_who_cannot_read_it() throws IOException {
        createCodings();
        Files.delete(file("/stored.js"));

        for (int i = 0; i < 2; i++) {
            assertThat(gunzip(get("/stored.js", BROWSER).body)).isEqualTo(content("/stored.js"));
            var missing = get("/stored.js");
            assertThat(missing.code).isEqualTo(404);
            assertThat(missing.field("vary")).isEqualTo("Accept-Encoding");
        }
        assertThat(get("/stored.js.gz").field("content-type")).isEqualTo("application/gzip");
    }

    /** A text to be compressed here, one that was compressed, and one too large for the cache that was. */
    private void createCodings() throws IOException {
        var text = "the quick brown fox jumps over the lazy drover\n";
        contents.put("/page.html", text.repeat(2_000).getBytes(ISO_8859_1));
        contents.put("/stored.js", text.repeat(1_000).getBytes(ISO_8859_1));
        contents.put("/huge.js", text.repeat(50_000).getBytes(ISO_8859_1));
        for (var path : new String[] {"/page.html", "/stored.js", "/huge.js"}) {
            Files.write(file(path), content(path));
        }
        for (var path : new String[] {"/stored.js", "/huge.js"}) {
            try (var out = new GZIPOutputStream(Files.newOutputStream(file(path + ".gz")))) {
                out.write(content(path));
            }
        }
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }

    @Test
    void pipelined_requests_of_all_kinds_are_answered_in_order() throws Exception {
        var etag = get("/medium.txt").field("etag");
        var requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append(request("GET", "/medium.txt", "Range: bytes=" + i + "-" + (i + 9)))
                    .append(request("HEAD", "/large.txt", "Range: bytes=0-1"))
                    .append(request("GET", "/medium.txt", "If-None-Match: " + etag))
                    .append(request("GET", "/large.txt", "Range: bytes=0-1,5-99999"))
                    .append(request("GET", "/medium.txt", "Range: bytes=0-9,100000-"));
        }
        var writer = Thread.ofPlatform().daemon().start(() -> send(requests.toString()));

        for (int i = 0; i < 50; i++) {
            assertThat(response("GET").body).isEqualTo(Arrays.copyOfRange(content("/medium.txt"), i, i + 10));
            assertThat(response("HEAD").field("content-length")).isEqualTo("" + (24 << 20));
            assertThat(response("GET").code).isEqualTo(304);
            assertThat(response("GET").body).hasSizeGreaterThan(100_000);
            assertThat(response("GET").body).hasSizeGreaterThan(100_000);
        }
        writer.join();
    }

    @Test
    void a_file_replaced_while_it_is_sent_is_sent_as_it_was() throws IOException {
        var path = "/large.txt";
        var old = content(path);
        send(request("GET", path, "Range: bytes=1000-"));
        in.mark(1);
        assertThat(in.read()).isEqualTo('H'); // under way
        in.reset();

        create("/new.txt", 5000);
        Files.move(file("/new.txt"), file(path), StandardCopyOption.ATOMIC_MOVE);
        var response = response("GET");

        assertThat(response.body).isEqualTo(Arrays.copyOfRange(old, 1000, old.length));
        await("the new file within a second")
                .untilAsserted(() -> assertThat(
                                get(path, "Range: bytes=0-9", "If-Range: " + response.field("etag")).body)
                        .isEqualTo(content("/new.txt")));
    }

    @Test
    void a_file_cut_short_while_it_is_sent_ends_its_connection_only() throws IOException {
        send(request("GET", "/large.txt", "Range: bytes=0-9,1000-"));
        assertThat(in.read()).isEqualTo('H');

        try (var shorter = FileChannel.open(file("/large.txt"), StandardOpenOption.WRITE)) {
            shorter.truncate(100);
        }

        assertThat(in.readAllBytes().length).isLessThan(24 << 20);
        client.close();
        connect();
        assertThat(get("/small.txt").code).isEqualTo(200);
    }

    private Response get(String path, String... fields) throws IOException {
        return ask("GET", path, fields);
    }

    private Response ask(String method, String path, String... fields) throws IOException {
        send(request(method, path, fields));
        return response(method);
    }

    private static String request(String method, String path, String... fields) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\n"
                + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n";
    }

    private void send(String requests) {
        try {
            client.getOutputStream().write(requests.getBytes(ISO_8859_1));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Response response(String method) throws IOException {
        int code = Integer.parseInt(line().split(" ", 3)[1]);
        var fields = new TreeMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var nameAndValue = line.split(": ", 2);
            fields.put(nameAndValue[0].toLowerCase(Locale.ROOT), nameAndValue[1]);
        }
        boolean hasBody = !method.equals("HEAD") && code != 304;
        int length = hasBody ? Integer.parseInt(fields.getOrDefault("content-length", "0")) : 0;
        return new Response(code, fields, in.readNBytes(length));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            assertThat(octet).as("after " + line).isNotNegative();
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    private static Map<String, String> without(Map<String, String> fields, String name) {
        var others = new TreeMap<>(fields);
        others.remove(name);
        return others;
    }
}
