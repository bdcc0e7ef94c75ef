package drover.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the configuration says about who clients are reaches the workers: proxies on loopback, limits for each address. */
class ClientsIT {

    private static final int MOST = 3;
    private static RunningDrover drover;

    @BeforeAll
    static void start() throws IOException {
        drover = RunningDrover.start(
                "--drover.proxy-protocol.trusted[0]=127.0.0.0/8",
                "--drover.forwarded.trusted[0]=203.0.113.0/24",
                "--drover.forwarded.header=Forwarded",
                "--drover.connections-per-address=" + MOST);
    }

    @AfterAll
    static void stop() throws IOException {
        drover.close();
    }

    @Test
    void the_client_is_who_the_proxy_header_says() throws IOException {
        try (var socket = connected("192.0.2.33")) {
            assertThat(get(socket, "/by-header", "")).startsWith("HTTP/1.1 404");
        }

        awaitLogged("192.0.2.33 - - ", "/by-header");
    }

    @Test
    void of_a_trusted_proxy_the_field_is_believed_and_of_another_not() throws IOException {
        try (var trusted = connected("203.0.113.5");
                var other = connected("192.0.2.44")) {
            get(trusted, "/by-field", "Forwarded: for=198.51.100.77\r\n");
            get(other, "/made-up", "Forwarded: for=198.51.100.77\r\n");
        }

        awaitLogged("198.51.100.77 - - ", "/by-field");
        awaitLogged("192.0.2.44 - - ", "/made-up");
    }

    @Test
    void an_address_has_so_many_connections_over_all_workers_and_others_have_theirs() throws IOException {
        var connections = new ArrayList<Socket>();
        try {
            for (int i = 0; i < MOST; i++) {
                var socket = connected("192.0.2.55");
                connections.add(socket);
                assertThat(get(socket, "/", "")).startsWith("HTTP/1.1 200");
            }
            try (var tooMany = connected("192.0.2.55");
                    var another = connected("192.0.2.56")) {
                assertThat(get(tooMany, "/", "")).isEmpty();
                assertThat(get(another, "/", "")).startsWith("HTTP/1.1 200");
            }
        } finally {
            for (var socket : connections) {
                socket.close();
            }
        }
    }

    /** A connection through a load balancer, of a client of its. */
    private static Socket connected(String client) throws IOException {
        var site = drover.site("/");
        var socket = new Socket(site.getHost(), site.getPort());
        socket.setSoTimeout((int) RunningDrover.PATIENCE.toMillis());
        socket.getOutputStream().write(("PROXY TCP4 " + client + " 192.0.2.1 4711 80\r\n").getBytes(US_ASCII));
        return socket;
    }

    /** The first that comes of an answer; nothing if the connection is closed without one. */
    private static String get(Socket socket, String path, String fields) throws IOException {
        try {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n").getBytes(US_ASCII));
            var answer = new byte[64];
            int count = socket.getInputStream().readNBytes(answer, 0, answer.length);
            return new String(answer, 0, count, US_ASCII);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static void awaitLogged(String begin, String path) {
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(Files.readAllLines(drover.path("log/access.log")))
                        .anySatisfy(line -> assertThat(line).startsWith(begin).contains(path)));
    }
}
