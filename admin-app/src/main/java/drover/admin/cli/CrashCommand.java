package drover.admin.cli;

import drover.admin.crashes.CrashFiles;
import drover.admin.crashes.CrashReport;
import drover.admin.crashes.CrashReport.End;
import drover.admin.crashes.CrashReport.Finished;
import drover.admin.crashes.CrashReport.InFlight;
import drover.admin.crashes.CrashReport.Worker;
import drover.admin.crashes.Gauges;
import drover.admin.shared.Console;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover crash list|show}: crash reports, from their files. */
@Command(
        name = "crash",
        description = "Reports of workers that crashed, ran out of memory or hung, with admin or without.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CrashCommand.ListAll.class, CrashCommand.Show.class})
final class CrashCommand {

    private static final int SHOWN = 0;
    private static final int NONE = 1;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli itself acts on it
    private boolean help;

    private static void say(String line) {
        Console.say(OutputOptions.printable(line));
    }

    private static String ended(Optional<End> end) {
        return end.map(how -> how.signal()
                        .or(() -> how.exitCode().map(code -> "exit code " + code))
                        .orElse("exit code unknown"))
                .orElse("turned again or lives");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /** All that are kept. */
    @Command(
            name = "list",
            description = {
                "Shows the reports that are kept, the latest first: 50, for 30 days.",
                "Exit code 1 if there is none. With -o json, one document as GET /api/v1/crashes has it."
            },
            footer = FarmOptions.HELP)
    static final class ListAll implements Callable<Integer> {

        @Mixin
        private FarmOptions farm = new FarmOptions();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var reports = CrashFiles.of(farm.properties()).list();
            if (output.isJson()) {
                OutputOptions.sayJson(reports);
            } else if (reports.isEmpty()) {
                Console.say("There is no crash report.");
            } else {
                Console.say("id                     worker      pid  cause  in flight  ended");
                reports.forEach(one -> say(String.format(
                        Locale.ROOT,
                        "%-22s %6d  %7d  %-5s  %9d  %s",
                        one.id(),
                        one.worker().slot(),
                        one.worker().pid(),
                        one.cause(),
                        one.requestsInFlight(),
                        CrashCommand.ended(one.end()))));
            }
            return reports.isEmpty() ? NONE : SHOWN;
        }
    }

    /** One in full. */
    @Command(
            name = "show",
            description = {
                "Shows a report: the requests that the worker was at, what it had answered last, its last minute, and what it"
                        + " said.",
                "Exit code 1 if there is none of this id. With -o json, as docs/formats/crashes.md has it."
            },
            footer = FarmOptions.HELP)
    static final class Show implements Callable<Integer> {

        @Mixin
        private FarmOptions farm = new FarmOptions();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Parameters(paramLabel = "ID", description = "Which one, see list.")
        private String id = "";

        @Override
        public Integer call() {
            var report = CrashFiles.of(farm.properties()).find(id);
            if (report.isEmpty()) {
                Console.complain(OutputOptions.printable("there is no crash report " + id));
                return NONE;
            }
            if (output.isJson()) {
                OutputOptions.sayJson(report.get());
            } else {
                print(report.get());
            }
            return SHOWN;
        }

        private static void print(CrashReport report) {
            var worker = report.worker();
            say(String.format(Locale.ROOT, "%s  worker %d  %s", report.id(), worker.slot(), report.cause()));
            say(String.format(Locale.ROOT, "found    %s", TIME.format(report.at())));
            say(String.format(Locale.ROOT, "ended    %s", end(report)));
            say(String.format(
                    Locale.ROOT,
                    "process  pid %d, seat %d, generation %d, worker %s",
                    worker.pid(),
                    worker.seat(),
                    worker.generation(),
                    version(worker)));
            say(String.format(
                    Locale.ROOT,
                    "started  %s, %s before",
                    TIME.format(worker.startedAt()),
                    seconds(Duration.between(worker.startedAt(), report.at()))));
            inFlight(report);
            finished(report.finished());
            lastMinute(report.at(), report.lastMinute());
            lines("last lines of the log", report.log());
            lines("what its threads did", report.threads());
            lines("what the JVM wrote of its crash", report.errorFile());
        }

        private static String version(Worker worker) {
            return worker.version().isEmpty() ? "unknown" : worker.version();
        }

        private static String end(CrashReport report) {
            return CrashCommand.ended(report.end())
                    + report.end()
                            .map(End::at)
                            .map(TIME::format)
                            .map(at -> ", " + at)
                            .orElse("");
        }

        private static void inFlight(CrashReport report) {
            Console.say("");
            say(String.format(Locale.ROOT, "%d requests in flight", report.requestsInFlight()));
            if (report.inFlight().isEmpty()) {
                return;
            }
            say("     age  phase       phase age         bytes  client           request");
            for (InFlight one : report.inFlight()) {
                say(String.format(
                        Locale.ROOT,
                        "%6.1f s  %-10s %8.1f s  %12d  %-15s  %s",
                        one.ageSeconds(),
                        one.phase().name().toLowerCase(Locale.ROOT),
                        one.phaseSeconds(),
                        one.bytes(),
                        one.client(),
                        request(one.method(), one.host(), one.path())));
            }
        }

        private static void finished(List<Finished> requests) {
            if (requests.isEmpty()) {
                return;
            }
            Console.say("");
            Console.say("last requests finished");
            say("     ago  status      took         bytes  client           request");
            for (Finished one : requests) {
                say(String.format(
                        Locale.ROOT,
                        "%6.1f s  %6d  %6.3f s  %12d  %-15s  %s",
                        one.agoSeconds(),
                        one.status(),
                        one.tookSeconds(),
                        one.bytes(),
                        one.client(),
                        request(one.method(), one.host(), one.path())));
            }
        }

        private static String request(String method, String host, String path) {
            return method + " " + host + path;
        }

        private static void lastMinute(Instant at, List<Gauges> lines) {
            if (lines.isEmpty()) {
                return;
            }
            Console.say("");
            Console.say("last minute");
            say("     ago  requests/s  reading  writing     idle  file queue    heap MiB  longest turn");
            for (Gauges line : lines) {
                say(String.format(
                        Locale.ROOT,
                        "%6.1f s  %10.1f  %7d  %7d  %7d  %10d  %10.1f  %10.3f s",
                        Duration.between(line.at(), at).toMillis() / 1000.0,
                        line.requestsPerSecond(),
                        line.reading(),
                        line.writing(),
                        line.idle(),
                        line.fileQueue(),
                        line.heapBytes() / (double) (1 << 20),
                        line.loopLagSeconds()));
            }
        }

        private static void lines(String title, List<String> lines) {
            if (!lines.isEmpty()) {
                Console.say("");
                Console.say(title);
                lines.forEach(line -> Console.say("  " + OutputOptions.printable(line)));
            }
        }
    }
}
