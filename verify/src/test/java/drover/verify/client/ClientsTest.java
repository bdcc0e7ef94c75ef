package drover.verify.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.verify.farm.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clients against servers that do each thing wrong that a client must be able to tell from the others. */
class ClientsTest {

    private static final Page PAGE = Page.of("/", "hello".getBytes(ISO_8859_1));
    private static final String RIGHT = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void the_right_body_is_ok() {
        assertThat(outcomeWith(RIGHT, false)).isEqualTo(Outcome.OK);
    }

    @Test
    void another_body_or_another_status_is_wrong() {
        assertThat(outcomeWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellO", false))
                .isEqualTo(Outcome.WRONG);
        assertThat(outcomeWith("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", false))
                .isEqualTo(Outcome.WRONG);
    }

    @Test
    void an_end_or_a_reset_within_an_answer_is_truncated() {
        assertThat(outcomeWith("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", false))
                .isEqualTo(Outcome.TRUNCATED);
        assertThat(outcomeWith("HTTP/1.1 20", false)).isEqualTo(Outcome.TRUNCATED);
    }

    @Test
    void an_end_before_an_answer_is_not_a_reset_before_an_answer() {
        assertThat(outcomeWith("", false)).isEqualTo(Outcome.ENDED);
        assertThat(outcomeWith("", true)).isEqualTo(Outcome.RESET);
    }

    @Test
    void nobody_listening_is_refused() throws IOException {
        var address = (InetSocketAddress) server.getLocalSocketAddress();
        server.close();

        assertThat(outcome(address)).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void a_connection_that_the_server_ends_in_a_silence_is_counted() throws Exception {
        answer(RIGHT, false);

        try (var clients = KeepAliveClients.start(address(), List.of(PAGE), 1, Duration.ofSeconds(5))) {
            awaitTrue(() -> clients.tally().closedByServer() == 1);
            assertThat(clients.tally().ok()).isEqualTo(1);
            assertThat(clients.tally().failed()).isZero();
            server.close();
        }
    }

    @Test
    void a_percentile_is_near_the_truth() {
        var latencies = new Latencies();
        for (int millis = 1; millis <= 1000; millis++) {
            latencies.add(Duration.ofMillis(millis).toNanos());
        }

        assertThat(latencies.percentileMillis(99)).isBetween(990.0, 1025.0);
        assertThat(latencies.percentileMillis(50)).isBetween(500.0, 516.0);
    }

    private Outcome outcomeWith(String answer, boolean reset) {
        answer(answer, reset);
        return outcome(address());
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private static Outcome outcome(InetSocketAddress address) {
        try (var wire = Wire.open(address)) {
            wire.get(PAGE);
            return Outcome.OK;
        } catch (Failed failure) {
            return failure.outcome();
        }
    }

    /** Reads one request, writes this, and ends the connection. */
    private void answer(String answer, boolean reset) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().readNBytes(REQUEST.length())).hasSize(REQUEST.length());
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                if (reset) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException ended) {
                // The test is over.
            }
        });
    }

    private static void awaitTrue(BooleanSupplier fact) {
        assertThat(Deadline.within(Duration.ofSeconds(30)).until(fact)).isTrue();
    }
}
