package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes, one log. */
class RotationTest {

    private static final int LINES = 100_000;
    private static final Pattern REPORT = Pattern.compile("Flushed\\[lines=(\\d+), dropped=(\\d+), rotations=(\\d+)]");

    @TempDir
    Path directory;

    @Test
    void two_processes_rotate_a_hundred_times_and_every_line_is_there_once() throws Exception {
        var first = writer("128000", "a");
        var second = writer("128000", "b");
        var reports = List.of(report(first), report(second));

        tidy();

        assertThat(reports).allSatisfy(report -> {
            assertThat(report.lines()).isEqualTo(LINES);
            assertThat(report.dropped()).isZero();
        });
        long rotations =
                reports.stream().mapToLong(AccessLog.Flushed::rotations).sum();
        assertThat(rotations).isGreaterThanOrEqualTo(100);
        assertThat(files())
                .hasSize((int) rotations + 1)
                .filteredOn(this::isPlain)
                .hasSize(1);
        assertEveryLineIsThereOnce(readAll(), "a", "b");
    }

    @Test
    void a_log_moved_away_by_an_operator_loses_nothing() throws Exception {
        var first = writer("0", "a");
        var second = writer("0", "b");
        int moved = 0;
        while (first.isAlive() || second.isAlive()) {
            if (Files.exists(log()) && Files.size(log()) > 0) {
                Files.move(log(), log().resolveSibling("access.log." + moved++));
            }
        }

        assertThat(report(first).dropped() + report(second).dropped()).isZero();
        assertThat(moved).isGreaterThan(2);
        assertEveryLineIsThereOnce(readAll(), "a", "b");
    }

    @Test
    void a_file_that_may_not_grow_ends_in_a_whole_line_and_the_rest_is_counted() throws Exception {
        // RLIMIT_FSIZE: the kernel takes a part of a write and then, as on a full disk, nothing more.
        var report = report(start(
                List.of("sh", "-c", "ulimit -f 100; exec \"$@\"", "sh"), writerCommand(log().toString(), "0", "a")));

        var text = Files.readString(log());
        assertThat(report.lines() + report.dropped()).isEqualTo(LINES);
        assertThat(report.dropped()).isPositive();
        assertThat(text).endsWith("x\n").hasLineCount((int) report.lines());
        assertThat(text.lines()).allMatch(RotationTest::isWhole);
    }

    @Test
    void standard_output_takes_whole_lines_as_fast_as_they_are_read() throws Exception {
        var process = new ProcessBuilder(writerCommand("-", "0", "a")).start();
        var text = new String(process.getInputStream().readAllBytes(), US_ASCII);

        assertThat(report(process)).isEqualTo(new AccessLog.Flushed(LINES, 0, 0));
        assertThat(text.lines()).hasSize(LINES).allMatch(RotationTest::isWhole);
    }

    private Path log() {
        return directory.resolve("access.log");
    }

    private static List<String> writerCommand(String file, String rotateBytes, String name) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LogWriter.class.getName(),
                file,
                rotateBytes,
                name,
                Integer.toString(LINES));
    }

    private Process writer(String rotateBytes, String name) throws IOException {
        return start(List.of(), writerCommand(log().toString(), rotateBytes, name));
    }

    private static Process start(List<String> prefix, List<String> command) throws IOException {
        return new ProcessBuilder(
                        Stream.concat(prefix.stream(), command.stream()).toList())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static AccessLog.Flushed report(Process process) throws IOException, InterruptedException {
        var said = new String(process.getErrorStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).containsPattern(REPORT);
        return REPORT.matcher(said)
                .results()
                .map(found -> new AccessLog.Flushed(
                        Long.parseLong(found.group(1)), Long.parseLong(found.group(2)), Long.parseLong(found.group(3))))
                .findFirst()
                .orElseThrow();
    }

    /** What the processes were compressing when they ended is finished here. */
    private void tidy() throws IOException {
        while (!new Archives(log(), 10_000).tidy()) {
            Thread.onSpinWait();
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    private boolean isPlain(Path file) {
        return !file.toString().endsWith(".gz");
    }

    private List<String> readAll() throws IOException {
        var lines = new ArrayList<String>();
        for (var file : files()) {
            var text = read(file);
            assertThat(text.isEmpty() || text.endsWith("\n"))
                    .as("%s ends in a line", file)
                    .isTrue();
            text.lines().forEach(lines::add);
        }
        return lines;
    }

    private String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = isPlain(file) ? in : new GZIPInputStream(in)) {
            return new String(plain.readAllBytes(), US_ASCII);
        }
    }

    private static void assertEveryLineIsThereOnce(List<String> lines, String... names) {
        Map<String, Integer> seen = HashMap.newHashMap(lines.size());
        lines.forEach(line -> seen.merge(line, 1, Integer::sum));
        assertThat(lines).hasSize(names.length * LINES);
        for (var name : names) {
            for (int i = 0; i < LINES; i++) {
                var line = LogWriter.line(name, i).strip();
                assertThat(seen.getOrDefault(line, 0)).as(line).isEqualTo(1);
            }
        }
    }

    private static boolean isWhole(String line) {
        int number = Integer.parseInt(line.substring(line.indexOf('-') + 1, line.indexOf(' ')));
        return LogWriter.line("a", number).equals(line + "\n");
    }
}
