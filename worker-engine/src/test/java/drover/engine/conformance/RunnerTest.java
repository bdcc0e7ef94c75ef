package drover.engine.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.conformance.Case.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runner sees what is wrong: a server says fixed bytes and goes. */
class RunnerTest {

    private final String date = "Date: "
            + DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now())
            + "\r\n";
    private final String right = "HTTP/1.1 200 OK\r\n" + date + "Connection: close\r\nContent-Length: 6\r\n\r\nhello\n";

    @Test
    void what_was_asked_for_passes() throws IOException {
        assertThat(verdictOn(right).faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|HTTP/1.1 404 Not Found",
                "HTTP/1.1 200 OK|HTTP/1.0 200 OK",
                "HTTP/1.1 200 OK|HTTP/1.1 200OK",
                "Connection: close\r\n|",
                "Content-Length: 6|Content-Length: 7",
                "Content-Length: 6|Content-Length: 5",
                "Content-Length: 6|Content-Length : 6",
                "Content-Length: 6|Content-Length: 6\r\nContent-Length: 6",
                "Content-Length: 6|Content-Length: 6\r\nTransfer-Encoding: chunked",
                "Date: |Date: x",
                "Date: |X-Date: ",
                "hello|HELLO",
                "hello|canar",
            })
    void what_differs_in_one_thing_does_not(String change) throws IOException {
        var fromAndTo = change.split("\\|", -1);

        var verdict = verdictOn(right.replace(fromAndTo[0], fromAndTo[1]));

        assertThat(verdict.faults()).isNotEmpty();
    }

    @Test
    void a_response_too_many_does_not_pass() throws IOException {
        assertThat(verdictOn(right + right).passed()).isFalse();
    }

    @Test
    void a_byte_too_many_does_not_pass() throws IOException {
        assertThat(verdictOn(right + "\n").passed()).isFalse();
    }

    @Test
    void the_canary_does_not_pass_where_any_body_would() throws IOException {
        var any = CaseFile.question("/canary.txt");

        var verdict = verdictOn(any, right.replace("hello\n", "canary"));

        assertThat(verdict.faults()).containsExactly(Verdict.CANARY);
    }

    @Test
    void escapes_and_repetitions_are_the_bytes_they_stand_for() {
        var question = CaseFile.question("/\\x80\\0${ab*3}\\\\");

        assertThat(question.steps())
                .containsExactly(new Step.Send("GET /\u0080\0ababab\\ HTTP/1.1\r\nHost: drover.test\r\n\r\n"));
    }

    private static Verdict verdictOn(String response) throws IOException {
        return verdictOn(CaseFile.parse("""
                == hello | nowhere | MUST
                > GET /hello.txt HTTP/1.1
                > Host: drover.test
                >
                < 200 close
                  = hello\\n
                """), response);
    }

    private static Verdict verdictOn(Case played, String response) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var answering = Thread.ofVirtual().start(() -> answer(server, response));
            var verdict =
                    Conformance.play(played, new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            answering.interrupt();
            return verdict;
        }
    }

    private static void answer(ServerSocket server, String response) {
        try (var client = server.accept()) {
            client.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        } catch (IOException gone) {
            // the runner has seen enough
        }
    }
}
