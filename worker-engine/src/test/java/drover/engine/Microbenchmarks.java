package drover.engine;

import static java.util.Locale.ROOT;

import drover.engine.files.CacheTraces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the worker's parts alone, on a JVM set as a worker's: {@code Microbenchmarks RESULT.md [PATTERN]}. The command is
 * {@code ./drover bench --micro}.
 */
public final class Microbenchmarks {

    /**
     * As admin starts workers, as far as it matters here; and compiling in the foreground, so that on a busy machine too what
     * is measured is compiled code; and what JMH itself needs on this Java.
     */
    private static final String[] JVM_OPTIONS = {
        "-Xms16m",
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Xbatch",
        "--enable-native-access=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow"
    };

    private static final int WARM_UPS = 3;
    private static final int MEASUREMENTS = 5;
    private static final TimeValue EACH = TimeValue.milliseconds(400);

    private Microbenchmarks() {}

    public static void main(String[] arguments) throws IOException, RunnerException {
        var pattern = arguments.length > 1 ? arguments[1] : "";
        var names = names(pattern);
        if (names.isEmpty()) {
            System.err.println("bench: no benchmark matches " + pattern + "; there are "
                    + names("").stream().map(Microbenchmarks::shortName).collect(Collectors.joining(" ")));
            System.exit(2);
        }
        var before = load();
        var results = new ArrayList<RunResult>();
        for (var name : names) {
            System.err.println(shortName(name));
            results.addAll(run(name));
        }
        ResultFormatFactory.getInstance(ResultFormatType.TEXT, System.out).writeOut(results);
        boolean withTraces = names.stream().anyMatch(name -> name.contains("FileCache"));
        Files.writeString(Path.of(arguments[0]), facts(before) + page(results, withTraces ? CacheTraces.table() : ""));
    }

    private static List<String> names(String pattern) {
        var silence = OutputFormatFactory.createFormatInstance(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), VerboseMode.SILENT);
        return BenchmarkList.defaultList().find(silence, List.of(pattern), List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .distinct()
                .sorted()
                .toList();
    }

    private static Collection<RunResult> run(String name) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^" + Pattern.quote(name) + "$")
                .mode(name.contains("FileCache") ? Mode.Throughput : Mode.AverageTime)
                .timeUnit(name.contains("FileCache") ? TimeUnit.MICROSECONDS : TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(EACH)
                .measurementIterations(MEASUREMENTS)
                .measurementTime(EACH)
                .addProfiler(GCProfiler.class)
                .jvmArgs(JVM_OPTIONS)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).run();
    }

    private static String facts(String loadBefore) {
        return String.format(
                ROOT,
                "Java %s, %d cores, %s; load average %s before, %s after; %d iterations of %d ms after %d, one JVM for each part.\n\n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                LocalDate.now(ZoneOffset.UTC),
                loadBefore,
                load(),
                MEASUREMENTS,
                EACH.getTime(),
                WARM_UPS);
    }

    private static String load() {
        return String.format(
                ROOT, "%.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String page(List<RunResult> results, String traces) {
        var page = new StringBuilder("""
                | part | mean | ± | best | unit | allocated, bytes |
                |---|--:|--:|--:|---|--:|
                """);
        for (var result : results) {
            var primary = result.getPrimaryResult();
            page.append(String.format(
                    ROOT,
                    "| %s | %.1f | %.1f | %.1f | %s | %.0f |\n",
                    title(result),
                    primary.getScore(),
                    primary.getScoreError(),
                    best(result),
                    primary.getScoreUnit(),
                    allocated(result)));
        }
        return traces.isEmpty() ? page.toString() : page + "\n" + traces;
    }

    /** Of the iterations: what other programs did to the mean they did least to this one. */
    private static double best(RunResult result) {
        var scores = result.getPrimaryResult().getStatistics();
        return result.getParams().getMode() == Mode.Throughput ? scores.getMax() : scores.getMin();
    }

    @SuppressWarnings("rawtypes") // JMH's own
    private static double allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(secondary -> secondary.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(secondary -> secondary.getValue().getScore())
                .sum();
    }

    private static String title(RunResult result) {
        var parameters = result.getParams();
        return shortName(parameters.getBenchmark())
                + parameters.getParamsKeys().stream()
                        .map(key -> " " + parameters.getParam(key))
                        .collect(Collectors.joining());
    }

    /** {@code RequestParser.curl}. */
    private static String shortName(String name) {
        var parts = name.split("\\.", -1);
        return parts[parts.length - 2].replace("Benchmark", "") + "." + parts[parts.length - 1];
    }
}
