package drover.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What clients notice when workers and the master go: real processes, connections that are never opened again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandOverIT {

    private static final int CLIENTS = 20;

    private RunningDrover drover;
    private ApiClient api;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
        api = ApiClient.signedIn(drover);
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    /** One TCP connection, kept. */
    private record Client(Socket socket) implements AutoCloseable {

        static Client connect(int port) throws IOException {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) RunningDrover.PATIENCE.toMillis());
            return new Client(socket);
        }

        void send(String part) throws IOException {
            socket.getOutputStream().write(part.getBytes(US_ASCII));
        }

        /** Reads one response and returns its head. */
        String receive() throws IOException {
            var head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                assertThat(octet).as("the connection is open, after %s", head).isNotNegative();
                head.append((char) octet);
            }
            var length = head.toString().replaceFirst("(?is).*content-length: (\\d+).*", "$1");
            assertThat(in.readNBytes(Integer.parseInt(length))).hasSize(Integer.parseInt(length));
            return head.toString();
        }

        void isServed() throws IOException {
            send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(receive()).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("connection: close");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private List<Client> clients() throws IOException {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Client.connect(drover.site("/").getPort()));
        }
        return clients;
    }

    private void restart(int slot) throws Exception {
        var operation = api.post("/api/v1/workers/" + slot + "/restart")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.json(operation).path("state").asString().equals("DONE"));
    }

    @Test
    void connections_outlive_the_restart_of_every_worker() throws Exception {
        var clients = clients();
        for (var client : clients) {
            client.isServed();
        }

        restart(1);
        restart(2);

        for (var client : clients) {
            client.isServed();
            client.close();
        }
        assertThat(Scrape.of(drover).sum("drover_connections_handed_over_total", "reason=\"restart\""))
                .isGreaterThanOrEqualTo(CLIENTS);
    }

    @Test
    void a_killed_master_costs_no_connection_refuses_nobody_and_takes_no_worker_along() throws Exception {
        var workers = drover.pids("worker-engine");
        var victim = api.json("/api/v1/status").path("master").path("pid").asLong();
        var before = clients();
        for (var client : before) {
            client.isServed();
        }

        RunningDrover.kill(victim);
        var meanwhile = clients();
        for (var client : meanwhile) {
            client.isServed();
        }

        for (var client : before) {
            client.isServed();
            client.close();
        }
        for (var client : meanwhile) {
            client.close();
        }
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var master = api.json("/api/v1/status").path("master");
            assertThat(master.path("state").asString()).isEqualTo("UP");
            assertThat(master.path("pid").asLong()).isNotEqualTo(victim);
        });
        assertThat(drover.pids("worker-engine")).isEqualTo(workers);
    }
}
