package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Every byte there is, line ends and terminal escapes in every place of a request that the log shows. */
public final class LogInjection implements Check {

    /** The request is empty where it could not be read. */
    private static final Pattern COMBINED_LINE =
            Pattern.compile("\\S+ - - \\[[^]]+] \"[^\"]*\" \\d{3} (?:\\d+|-) \"[^\"]*\" \"[^\"]*\"");

    private static final Pattern JSON_LINE =
            Pattern.compile("\\{(\"[a-z_]+\":(\"([^\"\\\\]|\\\\u[0-9a-fA-F]{4}|\\\\[\"\\\\/bfnrt])*\"|[0-9.]+),?)+}");
    private static final List<String> TEMPLATES = List.of(
            "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /?%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a%sb\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nReferer: a%sb\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: local%shost\r\n\r\n",
            "G%sT / HTTP/1.1\r\nHost: localhost\r\n\r\n");

    @Override
    public String name() {
        return "log-injection";
    }

    @Override
    public String rows() {
        return "D11";
    }

    @Override
    public String promise() {
        return "One line for each answer, of printable characters only, whatever a client sends";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        for (var format : List.of("combined", "json")) {
            var farm = stage.farm("--drover.access-log-format=" + format);
            int answers = 0;
            var requests = requests();
            for (var request : requests) {
                answers += answers(farm, request);
            }
            stage.say(requests.size() + " requests, " + answers + " answers");
            judge(findings, farm, format, answers, format.equals("json") ? JSON_LINE : COMBINED_LINE);
        }
    }

    private static List<String> requests() {
        var texts = new ArrayList<String>();
        for (int value = 0; value < 256; value++) {
            texts.add(Character.toString(value));
        }
        texts.addAll(List.of(
                "\r\n127.0.0.1 - - forged",
                "\u001b[2J\u001b]0;title\u0007",
                "\\x0a\"\" 200",
                "x".repeat(100 << 10),
                "x".repeat(5000),
                "%0d%0a%1b"));
        return TEMPLATES.stream()
                .flatMap(template -> texts.stream().map(text -> template.replace("%s", text)))
                .toList();
    }

    /** How many answers came for what was sent; a stray line end may make it two requests. */
    private static int answers(Farm farm, String request) throws IOException {
        try (var socket = new Socket(farm.address().getAddress(), farm.address().getPort())) {
            socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            var said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return said.split("HTTP/1\\.1 \\d", -1).length - 1;
        }
    }

    private static void judge(Findings findings, Farm farm, String format, int answers, Pattern line)
            throws IOException {
        var log = farm.logs().resolve("access.log");
        Deadline.within(Duration.ofSeconds(10)).until(() -> lines(log) >= answers);
        var bytes = Files.readAllBytes(log);
        int strange = 0;
        for (byte one : bytes) {
            strange += one == '\n' || (one >= ' ' && one <= '~') ? 0 : 1;
        }
        var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        var malformed =
                lines.stream().filter(text -> !line.matcher(text).matches()).toList();
        findings.exactly(format + ": lines", lines.size(), answers);
        findings.exactly(format + ": bytes that are neither printable nor a newline", strange, 0);
        findings.judge(
                format + ": lines that cannot be read",
                malformed.size()
                        + malformed.stream()
                                .findFirst()
                                .map(text -> " such as " + text)
                                .orElse(""),
                "0",
                malformed.isEmpty());
    }

    private static long lines(Path log) {
        try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.count();
        } catch (IOException failure) {
            return 0;
        }
    }
}
