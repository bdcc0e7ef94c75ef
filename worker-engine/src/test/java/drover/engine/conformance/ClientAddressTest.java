package drover.engine.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who a client is, behind proxies that are trusted and others: for access rules, for the log, and for the limit of
 * connections. Every address of 127.0.0.0/8 is a peer of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientAddressTest {

    private static final String BALANCER = "127.0.0.2";
    private static final String FORWARDER = "127.0.0.3";
    private static final int LIMIT = 3;
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String V2 = "\r\n\r\n\0\r\nQUIT\n";

    private RunningWorker running;

    @BeforeAll
    void start() throws IOException {
        running = RunningWorker.start(new RunningWorker.Setup(
                2,
                Map.of(
                        "access-log-format",
                        "json",
                        "proxy-protocol-trusted",
                        BALANCER,
                        "forwarded-trusted",
                        FORWARDER + ",10.0.0.0/8",
                        "connections-per-address",
                        Integer.toString(LIMIT)),
                """
                site.1.name=closed
                site.1.directory=other.test
                site.1.host.1=closed.test
                site.1.deny.1=203.0.113.0/24
                """));
    }

    @AfterAll
    void stop() throws IOException {
        running.close();
    }

    // ---- PROXY protocol

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behind_a_proxy_header_the_source_is_the_client(boolean byteByByte) throws IOException {
        var header = "PROXY TCP4 203.0.113.5 192.0.2.1 4711 80\r\n";

        assertThat(ask(BALANCER, header, "/v1-" + byteByByte, "", byteByByte)).startsWith("HTTP/1.1 403 ");
        assertThat(logged("/v1-" + byteByByte)).contains(addresses(BALANCER, "203.0.113.5"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void version_2_likewise_with_what_follows_its_addresses(boolean byteByByte) throws IOException {
        var header = V2 + "!\21\0\20" + "\u00cb\0q\7" + "\u00c0\0\2\1" + "\1\2\0P" + "\4\0\1x"; // a TLV: PP2_TYPE_NOOP

        assertThat(ask(BALANCER, header, "/v2-" + byteByByte, "", byteByByte)).startsWith("HTTP/1.1 403 ");
        assertThat(logged("/v2-" + byteByByte)).contains(addresses(BALANCER, "203.0.113.7"));
    }

    @Test
    void a_proxy_that_speaks_for_itself_is_the_client() throws IOException {
        assertThat(ask(BALANCER, "PROXY UNKNOWN\r\n", "/unknown", "")).startsWith("HTTP/1.1 404 ");
        assertThat(ask(BALANCER, V2 + " \0\0\0", "/local", "")).startsWith("HTTP/1.1 404 ");

        assertThat(logged("/unknown")).contains(addresses(BALANCER, BALANCER));
        assertThat(logged("/local")).contains(addresses(BALANCER, BALANCER));
    }

    @Test
    void without_its_header_a_trusted_proxy_is_refused_and_it_is_said_why() throws IOException {
        assertThat(ask(BALANCER, "", "/without", "")).startsWith("HTTP/1.1 400 ");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(running.logged())
                        .anyMatch(line -> line.contains(addresses(BALANCER, BALANCER))
                                && line.contains("\"uri\":\"\",\"proto\":\"\",\"status\":400")));
        assertThat(running.logged()).noneMatch(line -> line.contains("/without"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(running.said())
                        .contains("connection refused remote=" + BALANCER + " why=\"no PROXY header\""));
    }

    @Test
    void of_others_a_proxy_header_is_no_request() throws IOException {
        var header = "PROXY TCP4 203.0.113.5 192.0.2.1 4711 80\r\n";

        assertThat(ask("127.0.0.4", header, "/pretended", "")).startsWith("HTTP/1.1 400 ");
        assertThat(ask("127.0.0.4", "", "/themselves", "")).startsWith("HTTP/1.1 404 ");
        assertThat(logged("/themselves")).contains(addresses("127.0.0.4", "127.0.0.4"));
    }

    // ---- X-Forwarded-For

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /one     | 127.0.0.3 | 203.0.113.9                | 403 | 203.0.113.9
            /several | 127.0.0.3 | 198.51.100.1, 203.0.113.9, 10.1.1.1 | 403 | 203.0.113.9
            /open    | 127.0.0.3 | 203.0.113.9, 198.51.100.1  | 404 | 198.51.100.1
            /garbage | 127.0.0.3 | 203.0.113.9, "unknown      | 404 | 127.0.0.3
            /other   | 127.0.0.5 | 203.0.113.9                | 404 | 127.0.0.5
            """)
    void a_trusted_peers_field_names_the_client(String path, String peer, String field, int code, String client)
            throws IOException {
        var answer = ask(peer, "", path, "X-Forwarded-For: " + field + "\r\nForwarded: for=192.0.2.66\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + code + " ");
        assertThat(logged(path)).contains(addresses(peer, client));
    }

    @Test
    void each_request_of_a_connection_may_be_of_another_client() throws IOException {
        var answers = send(
                FORWARDER,
                request("/first", "X-Forwarded-For: 203.0.113.1\r\n")
                        + request("/second", "X-Forwarded-For: 198.51.100.2\r\n")
                        + request("/third", "Connection: close\r\n"),
                false);

        assertThat(answers).containsSubsequence("HTTP/1.1 403 ", "HTTP/1.1 404 ", "HTTP/1.1 404 ");
        assertThat(logged("/first")).contains(addresses(FORWARDER, "203.0.113.1"));
        assertThat(logged("/second")).contains(addresses(FORWARDER, "198.51.100.2"));
        assertThat(logged("/third")).contains(addresses(FORWARDER, FORWARDER));
    }

    // ---- connections-per-address

    @Test
    void an_address_has_no_more_connections_than_it_may_and_gets_them_back() throws IOException {
        long refused = running.counted(Counter.CONNECTIONS_REJECTED_IP_LIMIT);
        var held = hold("127.0.0.9", "");

        assertThat(isServed("127.0.0.9", "")).isFalse();
        assertThat(isServed("127.0.0.10", "")).isTrue();
        assertThat(running.counted(Counter.CONNECTIONS_REJECTED_IP_LIMIT)).isGreaterThan(refused);

        held.removeFirst().close();

        await().atMost(SOON).until(() -> isServed("127.0.0.9", ""));
        for (var socket : held) {
            socket.close();
        }
    }

    @Test
    void behind_a_proxy_header_the_source_has_the_limit_and_a_forwarder_has_none() throws IOException {
        var header = "PROXY TCP6 2001:db8::%d 2001:db8:1::1 1 2\r\n";
        var held = hold(BALANCER, header.formatted(1));

        assertThat(isServed(BALANCER, header.formatted(2))).isFalse(); // of the same /64
        assertThat(isServed(BALANCER, header.formatted(1).replace("2001:db8::", "2001:db8:2::")))
                .isTrue();
        held.addAll(hold(FORWARDER, ""));
        assertThat(isServed(FORWARDER, "")).isTrue();
        for (var socket : held) {
            socket.close();
        }
    }

    /** As many connections as one address may have, each of them served. */
    private List<Socket> hold(String peer, String header) throws IOException {
        var held = new ArrayList<Socket>();
        while (held.size() < LIMIT) {
            var socket = connect(peer);
            socket.getOutputStream()
                    .write((header + "GET /hello.txt HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");
            held.add(socket);
        }
        return held;
    }

    private boolean isServed(String peer, String header) throws IOException {
        try {
            return ask(peer, header, "/limited", "").startsWith("HTTP/1.1 404");
        } catch (SocketException reset) {
            return false;
        }
    }

    // ---- a client, and what is logged of it

    private String ask(String peer, String before, String path, String fields) throws IOException {
        return ask(peer, before, path, fields, false);
    }

    private String ask(String peer, String before, String path, String fields, boolean byteByByte) throws IOException {
        return send(peer, before + request(path, fields + "Connection: close\r\n"), byteByByte);
    }

    private static String request(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: closed.test\r\n" + fields + "\r\n";
    }

    private String send(String peer, String text, boolean byteByByte) throws IOException {
        try (var socket = connect(peer)) {
            socket.setTcpNoDelay(true);
            var bytes = text.getBytes(ISO_8859_1);
            int step = byteByByte ? 1 : bytes.length;
            for (int at = 0; at < bytes.length; at += step) {
                socket.getOutputStream().write(bytes, at, step);
            }
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private Socket connect(String peer) throws IOException {
        var server = running.address();
        var socket = new Socket();
        socket.setSoTimeout((int) SOON.toMillis());
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(peer), 0));
        socket.connect(server);
        return socket;
    }

    private String logged(String path) {
        return await().atMost(SOON)
                .until(
                        () -> running.logged().stream()
                                .filter(line -> line.contains("\"uri\":\"" + path + "\""))
                                .findFirst()
                                .orElse(""),
                        line -> !line.isEmpty());
    }

    private static String addresses(String remote, String client) {
        return "\"remote_ip\":\"" + remote + "\",\"client_ip\":\"" + client + "\"";
    }
}
