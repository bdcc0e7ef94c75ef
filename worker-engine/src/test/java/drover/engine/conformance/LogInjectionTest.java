package drover.engine.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.config.AccessLogFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever clients send, the log has one line for each answer, and each can be parsed: a real worker's real log. */
class LogInjectionTest {

    private static final String TEXT =
            "\"[^\"\\\\\\x00-\\x1f\\x7f-\\xff]*+(?:\\\\x[0-9a-f]{2}[^\"\\\\\\x00-\\x1f\\x7f-\\xff]*+)*+\"";
    private static final String JSON_TEXT = TEXT.replace("\\\\x[", "\\\\u00[");
    private static final String COMMON = "127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}(?::\\d\\d){3} [+-]\\d{4}] "
            + TEXT + " \\d{3} (?:\\d+|-)";
    private static final String COMBINED = COMMON + " " + TEXT + " " + TEXT;
    private static final String NUMBER = "\\d+(?:\\.\\d{3,6})?";

    /** In every place of a request: what each stands behind, and what stands behind it. */
    private static final List<String> PLACES = List.of(
            "GET /a%sb HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET /hello.txt?a=%s&b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: a%sb\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nReferer: a%sb\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a%sb\r\nConnection: close\r\n\r\n",
            "GE%sT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    private static final int LONG = 100 * 1024;

    private static final Pattern ANSWER = Pattern.compile("HTTP/1\\.1 \\d{3} ");

    @ParameterizedTest
    @EnumSource(AccessLogFormat.class)
    void every_answer_has_one_line_and_every_line_can_be_parsed(AccessLogFormat format) throws Exception {
        var name = format.name().toLowerCase(Locale.ROOT);
        try (var running = RunningWorker.start(new RunningWorker.Setup(1, Map.of("access-log-format", name), ""))) {
            long expected = answers(running.address());

            assertThat(expected).isGreaterThan(256L * PLACES.size());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(running.logged()).hasSize((int) expected));
            assertThat(running.logged().stream()
                            .filter(regex(format).asMatchPredicate().negate()))
                    .isEmpty();
            assertThat(running.isAlive()).isTrue();
        }
    }

    /** How many answers all that is hostile gets. */
    private static long answers(InetSocketAddress server) throws Exception {
        var requests = new ArrayList<Callable<Long>>();
        for (var place : PLACES) {
            hostile().forEach(hostile -> requests.add(() -> answers(server, place.replace("%s", hostile))));
            requests.add(() -> refused(server, place.replace("%s", "x".repeat(LONG))));
            requests.add(() -> refused(server, place.replace("%s", "\u001b".repeat(LONG))));
        }
        long answers = 0;
        try (var clients = Executors.newFixedThreadPool(16)) {
            for (var answered : clients.invokeAll(requests)) {
                answers += answered.get();
            }
        }
        return answers;
    }

    private static List<String> hostile() {
        var hostile = new ArrayList<String>();
        for (char octet = 0; octet < 256; octet++) {
            hostile.add(Character.toString(octet));
        }
        hostile.add("\r\n");
        hostile.add("\r\n\r\n");
        hostile.add("\" 200 1\r\n127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] \"GET /forged HTTP/1.1");
        hostile.add("\u001b[31m\u001b]0;title\u0007");
        hostile.add("\\u000a\\x0a\\");
        hostile.add("\u00e2\u0080\u00a8"); // U+2028, a line to some
        return hostile;
    }

    private static Pattern regex(AccessLogFormat format) {
        return Pattern.compile(
                switch (format) {
                    case COMMON -> COMMON;
                    case COMBINED -> COMBINED;
                    case VCOMBINED -> "[!#-\\[\\]-~]*(?:\\\\x[0-9a-f]{2}[!#-\\[\\]-~]*)*:\\d+ " + COMBINED;
                    case JSON -> json();
                });
    }

    private static String json() {
        var members = new ArrayList<String>();
        for (var key : List.of(
                "ts",
                "remote_ip",
                "client_ip",
                "user",
                "host",
                "method",
                "uri",
                "proto",
                "status#",
                "bytes_sent#",
                "duration#",
                "ttfb#",
                "referer",
                "user_agent",
                "worker#",
                "conn#",
                "range",
                "encoding",
                "cache")) {
            members.add("\"" + key.replace("#", "") + "\":" + (key.endsWith("#") ? NUMBER : JSON_TEXT));
        }
        return "\\{" + String.join(",", members) + "}";
    }

    private static long answers(InetSocketAddress server, String request) throws IOException {
        try (var socket = connect(server)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return ANSWER.matcher(answer).results().count();
        }
    }

    /** Is answered once, but perhaps not where we can read it: the server does not take it to its end. */
    private static long refused(InetSocketAddress server, String request) throws IOException {
        try {
            answers(server, request);
        } catch (SocketException reset) {
            assertThat(reset.getMessage()).containsAnyOf("reset", "Broken pipe");
        }
        return 1;
    }

    private static Socket connect(InetSocketAddress server) throws IOException {
        var socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }
}
