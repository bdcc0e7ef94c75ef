package drover.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What clients notice when workers and the master go: real processes, connections that are never opened again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandOverIT {

    private static final int CLIENTS = 20;
    private static final int DOWNLOADS = 6;

    /** More than the sockets between a client that does not read and a worker hold. */
    private static final int DOWNLOAD_BYTES = 64 << 20;

    /** What a download takes while something is waited for, a tenth of a second: few, but it must not seem to be stuck. */
    private static final int SIP_BYTES = 20_000;

    private static final int SOCKETS_BYTES = 16 << 20;

    private static final int SOCKET_BYTES = 64 << 10;

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
            var socket = new Socket();
            socket.setReceiveBufferSize(SOCKET_BYTES);
            socket.setSoTimeout((int) RunningDrover.PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new Client(socket);
        }

        void send(String part) throws IOException {
            socket.getOutputStream().write(part.getBytes(US_ASCII));
        }

        /** Reads one response and returns its head. */
        String receive() throws IOException {
            var head = receiveHead();
            int length = length(head);
            assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
            return head;
        }

        String receiveHead() throws IOException {
            var head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int octet = in.read();
                assertThat(octet).as("the connection is open, after %s", head).isNotNegative();
                head.append((char) octet);
            }
            return head.toString();
        }

        static int length(String head) {
            return Integer.parseInt(head.replaceFirst("(?is).*content-length: (\\d+).*", "$1"));
        }

        byte[] receiveBytes(int count) throws IOException {
            return socket.getInputStream().readNBytes(count);
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
        restart(slot, List.of());
    }

    /** Restarts a worker while downloads go on slowly. */
    private void restart(int slot, List<Download> downloads) throws Exception {
        var operation = api.post("/api/v1/workers/" + slot + "/restart")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        await().atMost(RunningDrover.PATIENCE).until(() -> {
            sip(downloads);
            return api.json(operation).path("state").asString().equals("DONE");
        });
    }

    private static void sip(List<Download> downloads) throws IOException {
        for (var download : downloads) {
            download.read(SIP_BYTES);
        }
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

    /** A client in the middle of a download, with the next request sent already. */
    private static final class Download {

        private final Client client;
        private final int first;
        private final MessageDigest digest;
        private int at;

        Download(int port, int first) throws Exception {
            this.client = Client.connect(port);
            this.first = first;
            this.digest = MessageDigest.getInstance("SHA-256");
            this.at = first;
            client.send("GET /download.bin?" + first + " HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + first
                    + "-\r\n\r\nHEAD /download.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
            var head = client.receiveHead();
            assertThat(head).startsWith("HTTP/1.1 206 ");
            assertThat(Client.length(head)).isEqualTo(DOWNLOAD_BYTES - first);
        }

        int left() {
            return DOWNLOAD_BYTES - at;
        }

        void read(int count) throws IOException {
            digest.update(client.receiveBytes(count));
            at += count;
        }
    }

    private double transfers() throws Exception {
        return Scrape.of(drover).sum("drover_connections_handed_over_total", "kind=\"transfer\"");
    }

    @Test
    void downloads_go_on_in_other_workers_however_long_they_are() throws Exception {
        var content = new byte[DOWNLOAD_BYTES];
        new Random(1).nextBytes(content);
        Files.write(drover.path("sites/default/download.bin"), content);
        double before = transfers();
        var downloads = new ArrayList<Download>();
        for (int i = 0; i < DOWNLOADS; i++) {
            downloads.add(new Download(drover.site("/").getPort(), 1000 * i));
        }

        for (int round = 1; round <= 2; round++) {
            var old = drover.pids("worker-engine");
            for (int slot = 1; slot <= 2; slot++) {
                restart(slot, downloads);
            }
            await("the old workers have gone")
                    .atMost(RunningDrover.PATIENCE)
                    .until(() -> Collections.disjoint(drover.pids("worker-engine"), old));
            int moves = round * DOWNLOADS;
            await("each download has moved in each round")
                    .atMost(RunningDrover.PATIENCE)
                    .until(() -> transfers() - before >= moves);
        }
        assertThat(downloads).allMatch(download -> download.left() > SOCKETS_BYTES, "is far from its end");

        for (var download : downloads) {
            var expected = MessageDigest.getInstance("SHA-256");
            expected.update(content, download.first, DOWNLOAD_BYTES - download.first);
            download.read(download.left());
            assertThat(download.digest.digest()).isEqualTo(expected.digest());
            assertThat(download.client.receiveHead())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("" + DOWNLOAD_BYTES);
            download.client.isServed();
            download.client.close();
        }
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var lines = Files.readAllLines(drover.path("log/access.log"));
            for (var download : downloads) {
                assertThat(lines)
                        .filteredOn(line -> line.contains("/download.bin?" + download.first + " "))
                        .singleElement()
                        .asString()
                        .contains(" 206 " + (DOWNLOAD_BYTES - download.first) + " ");
            }
        });
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
