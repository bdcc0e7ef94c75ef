package drover.admin.crashes;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.crashes.CrashReport.End;
import drover.admin.crashes.CrashReport.InFlight;
import drover.admin.crashes.CrashReport.Summary;
import drover.admin.crashes.CrashReport.Worker;
import drover.engine.stats.Flight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashFilesTest {

    private static final Instant NOW = Instant.parse("2026-11-27T02:30:00.123Z");

    @TempDir
    private Path state;

    private Instant now = NOW;

    private CrashFiles files() {
        return new CrashFiles(state.resolve("crashes"), () -> now);
    }

    private static CrashReport report(Instant at, String path) {
        return new CrashReport(
                CrashFiles.id(at, 2),
                at,
                "crash",
                new Worker(2, 1, 4711, 3, "0.1.0", at.minusSeconds(60)),
                Optional.of(End.of(at, Optional.of(137))),
                1,
                List.of(new InFlight(
                        0, Flight.Phase.SENDING, "GET", "127.0.0.1", "localhost", path, 7, 1.5, 1.2, 65536)),
                List.of(),
                List.of(new Gauges(at, 1.5, 0, 1, 0, 0, 1 << 20, 0.01)),
                List.of("a line"),
                List.of(),
                List.of());
    }

    @Test
    void a_report_is_read_as_it_was_written_and_its_owner_alone_can_read_it() throws IOException {
        var report = report(NOW, "/slow.bin");

        files().write(report);

        assertThat(report.id()).isEqualTo("20261127T023000123-2");
        assertThat(files().find(report.id())).contains(report);
        assertThat(report.end().orElseThrow().signal()).contains("SIGKILL");
        assertThat(files().list())
                .containsExactly(new Summary(report.id(), NOW, "crash", report.worker(), report.end(), 1));
        assertThat(Files.getPosixFilePermissions(state.resolve("crashes/20261127T023000123-2.json")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void what_a_client_sent_lies_in_the_file_as_text() throws IOException {
        var path = "/\u001b[2J\n\u009b\"\u00e4";

        files().write(report(NOW, path));

        var text = Files.readString(state.resolve("crashes/20261127T023000123-2.json"));
        assertThat(text).contains("/\\u001B[2J\\n\\u009B\\\"\\u00E4").matches("[ -~]+");
        assertThat(files().find("20261127T023000123-2")
                        .orElseThrow()
                        .inFlight()
                        .getFirst()
                        .path())
                .isEqualTo(path);
    }

    @Test
    void the_last_fifty_are_kept() throws IOException {
        for (int i = 0; i < 53; i++) {
            now = NOW.plusSeconds(i);
            files().write(report(now, "/"));
        }

        assertThat(files().list()).hasSize(50);
        assertThat(files().list().getFirst().at()).isEqualTo(NOW.plusSeconds(52));
        assertThat(files().list().getLast().at()).isEqualTo(NOW.plusSeconds(3));
        try (var all = Files.list(state.resolve("crashes"))) {
            assertThat(all).hasSize(50);
        }
    }

    @Test
    void none_is_kept_for_more_than_thirty_days() throws IOException {
        files().write(report(NOW, "/"));
        now = NOW.plus(Duration.ofDays(29));
        files().forgetOldest();
        assertThat(files().list()).hasSize(1);

        now = NOW.plus(Duration.ofDays(30)).plusMillis(1);
        files().forgetOldest();

        assertThat(files().list()).isEmpty();
    }

    @Test
    void what_is_damaged_or_none_of_ours_is_left_out_and_left_alone() throws IOException {
        files().write(report(NOW, "/"));
        var damaged = Files.writeString(state.resolve("crashes/20261127T023000124-2.json"), "{\"id\":");
        var foreign = Files.writeString(state.resolve("crashes/note.json"), "{}");
        Files.writeString(state.resolve("secret.json"), "{}");

        assertThat(files().list()).hasSize(1);
        assertThat(files().find("20261127T023000124-2")).isEmpty();
        assertThat(files().find("../secret")).isEmpty();
        assertThat(files().find("note")).isEmpty();
        assertThat(damaged).exists();
        assertThat(foreign).exists();
    }
}
