package drover.verify;

import drover.verify.Finding.Verdict;
import drover.verify.Report.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code ./drover verify [NAME …] [--list] [--quick]}. Exit code 0 if nothing failed, 1 if something did, 2 for a wrong call.
 */
public final class Verify {

    private static final String USAGE = """
            Usage: ./drover verify [NAME ...] [--list] [--quick]

            Shows with real processes what Drover promises: all of it, or the checks named.
              --list     the checks and their promises
              --quick    the same with smaller numbers and less time: to see that it works, not to quote
            What was found goes to target/verify/report.md. Exit code 1 if a promise was not kept.""";

    private final Path home;
    private final boolean quick;

    private Verify(Path home, boolean quick) {
        this.home = home;
        this.quick = quick;
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws IOException {
        var options =
                arguments.stream().filter(argument -> argument.startsWith("-")).toList();
        var names =
                arguments.stream().filter(argument -> !argument.startsWith("-")).toList();
        if (options.contains("-h") || options.contains("--help")) {
            System.out.println(USAGE);
            return 0;
        }
        var wrong = wrong(options, names);
        if (wrong.isPresent()) {
            System.err.println("verify: " + wrong.get());
            return 2;
        }
        if (options.contains("--list")) {
            Checks.all()
                    .forEach(
                            check -> System.out.printf("%-18s %-8s %s%n", check.name(), check.rows(), check.promise()));
            return 0;
        }
        var checks = Checks.all().stream()
                .filter(check -> names.isEmpty() || names.contains(check.name()))
                .toList();
        return new Verify(Path.of(System.getProperty("drover.home", ".")).toAbsolutePath(), options.contains("--quick"))
                .all(checks);
    }

    private static Optional<String> wrong(List<String> options, List<String> names) {
        var known = Checks.all().stream().map(Check::name).toList();
        return options.stream()
                .filter(option -> !List.of("--list", "--quick").contains(option))
                .findFirst()
                .map(option -> "unknown option " + option + "; ./drover verify --help says which there are")
                .or(() -> names.stream()
                        .filter(name -> !known.contains(name))
                        .findFirst()
                        .map(name -> "no check is called " + name + "; there are " + String.join(", ", known)));
    }

    private int all(List<Check> checks) throws IOException {
        var results = new ArrayList<Result>();
        for (var check : checks) {
            System.out.printf("%n%s [%s] %s%n", check.name(), check.rows(), check.promise());
            results.add(new Result(check, one(check)));
        }
        System.out.print(Report.summary(results));
        var file = home.resolve("target/verify/report.md");
        Report.write(file, results, circumstances());
        System.out.println("\n" + file);
        return results.stream().anyMatch(result -> result.verdict() == Verdict.FAIL) ? 1 : 0;
    }

    private List<Finding> one(Check check) throws IOException {
        var findings = new Findings(finding -> System.out.println("           " + Report.line(finding)));
        try (var stage = new Stage(home, quick)) {
            try {
                check.run(stage, findings);
            } catch (Exception | AssertionError failure) {
                findings.fail("could not be finished", String.valueOf(failure));
                failure.printStackTrace(System.out);
            } finally {
                stage.end(findings);
            }
        }
        return findings.all();
    }

    private String circumstances() throws IOException {
        return "%s, %s%d processors, Java %s, Linux %s, load average before the table was written %s"
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS),
                        quick ? "--quick, " : "",
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        System.getProperty("os.version"),
                        Files.readString(Path.of("/proc/loadavg")).strip());
    }
}
