package drover.verify.fuzz;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One {@link Target} under Jazzer, in a process of its own. Inputs that reached something new are kept in {@code
 * target/verify/fuzz} and the next run begins with them; one that did harm is kept there and named. {@code
 * DROVER_FUZZ_SECONDS} is how long, instead of ten minutes.
 */
public final class FuzzCheck implements Check {

    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: +(\\d+)");
    private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+) ft: (\\d+)");
    private static final Pattern FAULT = Pattern.compile("== Java Exception: (.*)|ERROR: libFuzzer: (.*)");

    private final Target target;

    private FuzzCheck(Target target) {
        this.target = target;
    }

    /** One for each target. */
    public static List<Check> all() {
        return Arrays.stream(Target.values()).<Check>map(FuzzCheck::new).toList();
    }

    @Override
    public String name() {
        return "fuzz-" + target.label();
    }

    @Override
    public String rows() {
        return "D1";
    }

    @Override
    public String promise() {
        return target.promise();
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var directory = stage.home().resolve("target/verify/fuzz").resolve(target.label());
        var seeds = Files.createDirectories(stage.directory().resolve("seeds"));
        var corpus = Files.createDirectories(directory.resolve("corpus"));
        writeSeeds(seeds);
        var known = harmful(directory);
        var log = directory.resolve("log.txt");
        var time = seconds(stage);
        stage.say("fuzzing for " + time.toSeconds() + " s, beginning with "
                + target.seeds().size() + " seeds");

        long end = System.nanoTime() + time.toNanos();
        long executed = 0;
        int slow = 0;
        int code;
        List<Path> found;
        do {
            var left = Duration.ofNanos(Math.max(Duration.ofSeconds(1).toNanos(), end - System.nanoTime()));
            code = fuzz(command(stage.directory(), directory, left, corpus, seeds), log);
            executed += last(EXECUTED, Files.readString(log))
                    .map(result -> Long.parseLong(result.group(1)))
                    .orElse(0L);
            found = new ArrayList<>(harmful(directory));
            found.removeAll(known);
            slow += found.size();
            discardHarmless(found);
            slow -= found.size();
        } while (code != 0 && found.isEmpty() && slow > 0 && System.nanoTime() - end < 0);

        if (slow > 0) {
            findings.note("slow only while Jazzer looks on", Integer.toString(slow));
        }
        judge(findings, executed, code == 0 || slow > 0, Files.readString(log), found);
    }

    /** Deletes what does no harm without Jazzer's counting of every branch, which makes it many times as slow. */
    private void discardHarmless(List<Path> found) throws IOException {
        for (var file : List.copyOf(found)) {
            if (isHarmless(Files.readAllBytes(file))) {
                Files.delete(file);
                found.remove(file);
            }
        }
    }

    private boolean isHarmless(byte[] input) {
        try {
            target.check(input);
            return true;
        } catch (RuntimeException | Error harm) {
            return false;
        }
    }

    private static Duration seconds(Stage stage) {
        return Optional.ofNullable(System.getenv("DROVER_FUZZ_SECONDS"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(stage.seconds(600, 20));
    }

    private void writeSeeds(Path seeds) throws IOException {
        int number = 0;
        for (var seed : target.seeds()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
    }

    private List<String> command(Path scratch, Path directory, Duration time, Path corpus, Path seeds)
            throws IOException {
        var dictionary = scratch.resolve("dictionary");
        Files.writeString(dictionary, Dictionary.TEXT);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:-OmitStackTraceInFastThrow",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=drover.engine.**",
                "--reproducer_path=" + scratch,
                "-artifact_prefix=" + directory + "/",
                "-max_total_time=" + time.toSeconds(),
                "-max_len=" + target.maxLength(),
                "-len_control=100",
                "-timeout=120",
                // By the clock on the wall, which counts what other programs do; TimeLimit counts what the input took.
                "-report_slow_units=120",
                "-dict=" + dictionary,
                "-print_final_stats=1",
                corpus.toString(),
                seeds.toString());
    }

    private static int fuzz(List<String> command, Path log) throws IOException, InterruptedException {
        var process = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Path> harmful(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom|slow-unit)-.*"))
                    .sorted()
                    .toList();
        }
    }

    private static void judge(Findings findings, long executed, boolean ended, String log, List<Path> harmful) {
        findings.atLeast("inputs", executed, 1);
        last(COVERAGE, log)
                .ifPresent(result ->
                        findings.note("coverage", result.group(1) + " edges, " + result.group(2) + " features"));
        if (ended && harmful.isEmpty()) {
            findings.exactly("uncaught, or over " + TimeLimit.NANOS / 1_000_000 + " ms", 0, 0);
        } else {
            var fault = last(FAULT, log).map(MatchResult::group).orElse("Jazzer did not end well");
            findings.fail("uncaught, or over " + TimeLimit.NANOS / 1_000_000 + " ms", fault + " " + harmful);
        }
    }

    private static Optional<MatchResult> last(Pattern pattern, String text) {
        return pattern.matcher(text).results().reduce((_, later) -> later);
    }
}
