package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every way we know to write "one directory up", with something secret there; strace sees what workers really open. */
public final class Traversal implements Check {

    private static final String CANARY = "canary-3f9c1d77";
    private static final List<String> UPS = List.of(
            "../",
            "..%2f",
            "..%2F",
            "%2e%2e/",
            "%2e%2e%2f",
            ".%2e/",
            "%2e./",
            "..\\",
            "..%5c",
            "%2e%2e%5c",
            "..;/",
            "..;a=b/",
            "%252e%252e/",
            "%252e%252e%252f",
            "..%252f",
            "%c0%ae%c0%ae/",
            "%c0%ae%c0%ae%c0%af",
            "..%c0%af",
            "..%e0%80%af",
            "%e0%80%ae%e0%80%ae/",
            "..%ef%bc%8f",
            "%uff0e%uff0e/",
            "..%00/",
            "..%0d/",
            "..%0a/",
            "..%09/",
            "..%20/",
            ".../",
            "..//",
            "..///",
            "./../",
            ".//../",
            "..././",
            "%2e%2e//",
            "..%2f%2f",
            "..%5c%5c",
            "..\\/",
            "../%2e/",
            "..%u2215",
            "%2e%2e;/",
            "..%3b/",
            "..%23/",
            "..%3f/");
    private static final List<String> BEGINS = List.of(
            "/",
            "//",
            "/sub/",
            "/sub//",
            "/%2e/",
            "/./",
            "/sub/..;/",
            "http://localhost/",
            "http://localhost//",
            "/\\");
    private static final List<String> SECRETS =
            List.of("secret.txt", "secret.txt%00.html", "secret.txt/.", "default/../secret.txt", "etc/passwd");
    private static final int DEEPEST = 5;
    private static final Pattern OPENED = Pattern.compile("openat2?\\(.*= \\d+<([^>]*)>");

    @Override
    public String name() {
        return "traversal";
    }

    @Override
    public String rows() {
        return "D7";
    }

    @Override
    public String promise() {
        return "No spelling of a path leads out of the document root";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        plant(farm);
        var targets = targets(stage.quick());
        var trace = stage.directory().resolve("strace.out");
        int answered = 0;
        int canaries = 0;
        try (var _ = new Strace(farm, trace)) {
            stage.say(targets.size() + " targets");
            for (var target : targets) {
                var answer = ask(farm, target);
                answered += answer.startsWith("HTTP/1.1 ") ? 1 : 0;
                canaries += answer.contains(CANARY) || answer.contains("root:") ? 1 : 0;
            }
            var control = ask(farm, "/sub/inside.txt");
            findings.judge(
                    "control: the file inside",
                    control.contains("inside") ? "served" : control,
                    "served",
                    control.contains("inside"));
        }
        findings.atLeast("targets", targets.size(), stage.quick() ? 200 : 2000);
        findings.exactly("targets answered", answered, targets.size());
        findings.exactly("answers with something secret", canaries, 0);
        judgeOpens(findings, farm, trace);
    }

    /** Beside the site and beside the document root; and something inside to see that the list is asked of a real site. */
    private static void plant(Farm farm) throws IOException {
        Files.writeString(farm.sites().resolve("secret.txt"), CANARY);
        Files.writeString(farm.directory().resolve("secret.txt"), CANARY);
        Files.createDirectories(farm.sites().resolve("default/sub"));
        Files.writeString(farm.sites().resolve("default/sub/inside.txt"), "inside");
    }

    private static List<String> targets(boolean quick) {
        var targets = new LinkedHashSet<String>();
        for (var begin : BEGINS) {
            for (var up : UPS) {
                for (int depth = 1; depth <= DEEPEST; depth++) {
                    targets.add(begin + up.repeat(depth) + SECRETS.get(targets.size() % SECRETS.size()));
                    targets.add(begin + up.repeat(depth) + SECRETS.getFirst());
                }
            }
        }
        int step = quick ? targets.size() / 300 : 1;
        var all = new ArrayList<>(targets);
        var some = new ArrayList<String>();
        for (int index = 0; index < all.size(); index += step) {
            some.add(all.get(index));
        }
        return some;
    }

    private static String ask(Farm farm, String target) throws IOException {
        try (var socket = new Socket(farm.address().getAddress(), farm.address().getPort())) {
            socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void judgeOpens(Findings findings, Farm farm, Path trace) throws IOException {
        var allowed = List.of(
                farm.sites().resolve("default") + "",
                farm.runDirectory() + "",
                farm.logs() + "",
                "/proc/",
                "/sys/fs/cgroup");
        var opened = Files.readAllLines(trace, StandardCharsets.ISO_8859_1).stream()
                .map(OPENED::matcher)
                .filter(Matcher::find)
                .map(match -> match.group(1))
                .toList();
        Set<String> outside = new LinkedHashSet<>(opened.stream()
                // The JVM loads classes and the like of its own when it first needs them.
                .filter(path -> !path.startsWith(System.getProperty("java.home")))
                .filter(path -> allowed.stream().noneMatch(path::startsWith))
                .filter(path -> !path.equals(farm.sites().toString()))
                .toList());
        findings.atLeast("files that strace saw opened", opened.size(), 1);
        findings.judge("of them outside of the site", outside.toString(), "[]", outside.isEmpty());
    }

    /** Follows the file opens of all workers. */
    private static final class Strace implements AutoCloseable {

        private final Process process;

        Strace(Farm farm, Path trace) throws IOException {
            var command = new ArrayList<>(
                    List.of("strace", "-f", "-y", "-e", "trace=openat,openat2", "-o", trace.toString()));
            farm.workers().forEach(pid -> command.addAll(List.of("-p", pid.toString())));
            var said = trace.resolveSibling("strace.said");
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            boolean attached = Deadline.within(Duration.ofSeconds(60)).until(() -> attached(farm));
            if (!attached) {
                process.destroy();
                throw new FarmFailed("strace does not attach: " + Files.readString(said));
            }
        }

        private static boolean attached(Farm farm) {
            return farm.workers().stream().allMatch(pid -> {
                try {
                    return !Files.readString(Path.of("/proc/" + pid + "/status"))
                            .contains("TracerPid:\t0\n");
                } catch (IOException gone) {
                    return false;
                }
            });
        }

        @Override
        public void close() {
            process.destroy();
            Deadline.within(Duration.ofSeconds(10)).until(() -> !process.isAlive());
        }
    }
}
