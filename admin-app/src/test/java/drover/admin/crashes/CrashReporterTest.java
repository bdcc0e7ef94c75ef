package drover.admin.crashes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.admin.crashes.CrashReport.End;
import drover.admin.crashes.CrashReport.Worker;
import drover.admin.crashes.CrashReporter.Traces;
import drover.engine.stats.Flight;
import drover.engine.stats.Flight.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashReporterTest {

    private static final long SECOND = 1_000_000_000;
    private static final long NOW = 100 * SECOND;

    @TempDir
    private Path directory;

    private final LastMinute lastMinute = new LastMinute();
    private CrashFiles files;
    private CrashReporter reporter;
    private Traces traces;

    @BeforeEach
    void begin() throws IOException {
        files = new CrashFiles(directory.resolve("crashes"), InstantSource.system());
        reporter = new CrashReporter(files, lastMinute);
        traces = new Traces(directory.resolve("worker-2.log"), directory.resolve("hs_err_worker-2_4711.log"));
        Files.writeString(traces.log(), "first\nlast\n");
    }

    @AfterEach
    void end() {
        reporter.close();
    }

    private String report(Optional<End> end, Flight... flights) {
        return reporter.report(
                new Worker(2, 0, 4711, 1, "0.1.0", Instant.now().minusSeconds(5)),
                "crash",
                end,
                List.of(flights),
                NOW,
                traces);
    }

    private CrashReport written(String id) {
        return await().until(() -> files.find(id), Optional::isPresent).orElseThrow();
    }

    private static Flight flight(Phase phase, String path, long begun, long ended) {
        return new Flight(0, phase, 200, "GET", "192.0.2.1", "localhost", path, 7, 4096, begun, ended, begun);
    }

    @Test
    void requests_in_flight_have_their_age_at_the_end_and_others_how_long_they_took() {
        var id = report(
                Optional.of(End.of(Instant.now(), Optional.of(139))),
                flight(Phase.SENDING, "/slow", NOW - 12 * SECOND, 0),
                flight(Phase.FINISHED, "/quick", NOW - 2 * SECOND, NOW - SECOND));

        var report = written(id);

        assertThat(report.requestsInFlight()).isEqualTo(1);
        assertThat(report.inFlight().getFirst().path()).isEqualTo("/slow");
        assertThat(report.inFlight().getFirst().ageSeconds()).isEqualTo(12);
        assertThat(report.finished().getFirst().tookSeconds()).isEqualTo(1);
        assertThat(report.finished().getFirst().agoSeconds()).isEqualTo(1);
        assertThat(report.end().orElseThrow().signal()).contains("SIGSEGV");
        assertThat(report.log()).containsExactly("first", "last");
    }

    @Test
    void however_many_there_were_so_many_are_written() {
        var flights = Stream.concat(
                        IntStream.range(0, 300).mapToObj(_ -> flight(Phase.LOOKUP, "/", NOW, 0)),
                        IntStream.range(0, 300).mapToObj(_ -> flight(Phase.FINISHED, "/", NOW, NOW)))
                .toArray(Flight[]::new);

        var report = written(report(Optional.empty(), flights));

        assertThat(report.requestsInFlight()).isEqualTo(300);
        assertThat(report.inFlight()).hasSize(256);
        assertThat(report.finished()).hasSize(64);
    }

    @Test
    void times_that_cannot_be_are_no_ages() {
        var report = written(report(
                Optional.empty(),
                flight(Phase.SENDING, "/", Long.MAX_VALUE, 0),
                flight(Phase.FINISHED, "/", Long.MIN_VALUE, 5)));

        assertThat(report.inFlight().getFirst().ageSeconds()).isZero();
        assertThat(report.finished().getFirst().tookSeconds()).isNotNegative();
    }

    @Test
    void two_at_the_same_moment_have_two_ids() {
        assertThat(report(Optional.empty())).isNotEqualTo(report(Optional.empty()));
    }

    @Test
    void of_a_long_log_the_last_lines_are_kept_up_to_the_end_of_the_process() throws IOException {
        Files.writeString(traces.log(), "line\n".repeat(100_000) + "last words\n");
        var id = report(Optional.empty());
        Files.writeString(traces.log(), "of the successor\n", StandardOpenOption.APPEND);

        var log = written(id).log();

        assertThat(log).hasSize(50).endsWith("line", "last words");
    }

    @Test
    void what_the_jvm_wrote_of_its_crash_is_kept_unless_it_is_of_an_earlier_process() throws IOException {
        Files.writeString(traces.errorFile(), "# A fatal error\n".repeat(200));
        assertThat(written(report(Optional.empty())).errorFile()).hasSize(60).contains("# A fatal error");

        Files.setLastModifiedTime(
                traces.errorFile(), FileTime.from(Instant.now().minusSeconds(60)));

        assertThat(written(report(Optional.empty())).errorFile()).isEmpty();
    }

    @Test
    void a_hang_gets_its_threads_and_its_end_later() throws IOException {
        var id = report(Optional.empty(), flight(Phase.ANSWERING, "/stuck", NOW - 4 * SECOND, 0));
        reporter.awaitThreads(id, traces.log());
        Files.writeString(
                traces.log(), "a line\n2026 \nFull thread dump OpenJDK\n\"loop-0\"\n", StandardOpenOption.APPEND);
        reporter.ended(id, End.of(Instant.now(), Optional.of(137)));

        await().until(() -> !written(id).threads().isEmpty());

        var report = written(id);
        assertThat(report.threads()).containsExactly("Full thread dump OpenJDK", "\"loop-0\"");
        assertThat(report.end().orElseThrow().exitCode()).contains(137);
        assertThat(report.inFlight().getFirst().path()).isEqualTo("/stuck");
    }

    @Test
    void the_last_minute_of_the_slot_is_in_it_a_line_a_second() {
        var start = Instant.now().minusSeconds(70);
        for (int tenth = 0; tenth < 700; tenth += 5) {
            lastMinute.note(2, new Gauges(start.plusMillis(tenth * 100L), tenth, 0, 0, 0, 0, 0, 0));
        }

        var lines = written(report(Optional.empty())).lastMinute();

        assertThat(lines).hasSize(60);
        assertThat(lines.getLast().requestsPerSecond()).isEqualTo(690);
    }

    @Test
    void what_cannot_be_written_holds_up_nobody() throws IOException {
        Files.createFile(directory.resolve("crashes"));

        var id = report(Optional.empty());
        reporter.ended(id, End.of(Instant.now(), Optional.empty()));
        reporter.close();

        assertThat(files.list()).isEmpty();
        assertThat(directory.resolve("crashes")).isEmptyFile();
    }
}
