package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.config.AccessLogConfig;
import drover.engine.config.AccessLogFormat;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFileTest {

    @TempDir
    Path directory;

    private Path file;
    private Instant now = Instant.now();

    @BeforeEach
    void nameFile() {
        file = directory.resolve("access.log");
    }

    @Test
    void a_new_file_is_for_its_owner_and_group() throws IOException {
        try (var _ = open(0, Duration.ZERO)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r-----");
        }
    }

    @Test
    void a_line_that_would_be_too_much_begins_a_new_file() throws IOException {
        try (var log = open(10, Duration.ZERO)) {
            append(log, "12345678\n");
            append(log, "2\n");

            assertThat(Files.readString(file)).isEqualTo("2\n");
            assertThat(rotated()).hasSize(1);
            assertThat(log.rotations()).isEqualTo(1);
        }
    }

    @Test
    void a_batch_of_any_length_goes_into_a_new_file() throws IOException {
        try (var log = open(3, Duration.ZERO)) {
            append(log, "12345678\n");

            assertThat(Files.readString(file)).isEqualTo("12345678\n");
            assertThat(log.rotations()).isZero();
        }
    }

    @Test
    void another_day_begins_a_new_file() throws IOException {
        try (var log = open(0, Duration.ofDays(1))) {
            append(log, "today\n");
            now = now.plus(Duration.ofDays(1));
            append(log, "tomorrow\n");

            assertThat(Files.readString(file)).isEqualTo("tomorrow\n");
            assertThat(rotated()).hasSize(1);
        }
    }

    @Test
    void an_empty_file_is_not_rotated() throws IOException {
        try (var log = open(0, Duration.ofDays(1))) {
            now = now.plus(Duration.ofDays(1));
            append(log, "tomorrow\n");

            assertThat(rotated()).isEmpty();
        }
    }

    @Test
    void rotations_within_a_second_have_names_of_their_own() throws IOException {
        try (var log = open(1, Duration.ZERO)) {
            for (int i = 0; i < 13; i++) {
                append(log, i + "\n");
            }

            assertThat(rotated()).hasSize(12);
        }
    }

    @Test
    void a_file_moved_away_or_deleted_is_made_anew() throws IOException {
        try (var log = open(0, Duration.ZERO)) {
            append(log, "1\n");
            Files.move(file, directory.resolve("mine"));
            append(log, "2\n");
            Files.delete(file);
            append(log, "3\n");

            assertThat(directory.resolve("mine")).hasContent("1\n");
            assertThat(file).hasContent("3\n");
        }
    }

    @Test
    void half_a_line_of_a_process_that_was_killed_is_ended() throws IOException {
        Files.writeString(file, "whole\nhal");
        try (var log = open(0, Duration.ZERO)) {
            append(log, "next\n");
        }

        assertThat(file).hasContent("whole\nhal\nnext\n");
    }

    @Test
    void while_another_process_appends_this_is_not_the_moment() throws IOException {
        try (var one = open(0, Duration.ZERO);
                var other = open(0, Duration.ZERO)) {
            assertThat(one.begin(1)).isTrue();
            assertThat(other.begin(1)).isFalse();
            one.end();
            assertThat(other.begin(1)).isTrue();
        }
    }

    @Test
    void a_file_that_cannot_be_renamed_goes_on_growing() throws IOException {
        var config = config(1, Duration.ZERO);
        var nowhere = new Archives(directory.resolve("none/access.log"), 1);
        try (var log = new SharedFile(config, nowhere, () -> now)) {
            append(log, "1\n");
            append(log, "2\n");

            assertThat(file).hasContent("1\n2\n");
            assertThat(log.rotations()).isZero();
        }
    }

    @Test
    void the_newest_are_kept_and_compressed() throws IOException {
        try (var log = open(1, Duration.ZERO)) {
            for (int i = 0; i < 13; i++) {
                append(log, i + "\n");
            }
        }
        Files.writeString(directory.resolve("access.log.1"), "not ours");

        assertThat(new Archives(file, 3).tidy()).isTrue();

        assertThat(rotated())
                .hasSize(4)
                .contains("access.log.1")
                .filteredOn(name -> name.endsWith(".gz"))
                .hasSize(3)
                .allMatch(name -> name.matches("access\\.log\\.\\d{8}-\\d{6}-(9|10|11)\\.gz"));
    }

    @Test
    void one_process_tidies_at_a_time() throws IOException {
        int busy = Posix.openToLock(directory);
        assertThat(Posix.tryLock(busy)).isZero();

        assertThat(new Archives(file, 3).tidy()).isFalse();
        Posix.close(busy);
        assertThat(new Archives(file, 3).tidy()).isTrue();
    }

    private AccessLogConfig config(long rotateBytes, Duration rotateEvery) {
        return new AccessLogConfig(file, AccessLogFormat.COMBINED, rotateBytes, rotateEvery, 100);
    }

    private SharedFile open(long rotateBytes, Duration rotateEvery) throws IOException {
        return new SharedFile(config(rotateBytes, rotateEvery), new Archives(file, 100), () -> now);
    }

    private static void append(SharedFile log, String text) throws IOException {
        byte[] line = text.getBytes(US_ASCII);
        var ring = new LogRing(100, () -> {});
        ring.offer(line, line.length);
        assertThat(log.begin(line.length)).isTrue();
        log.append(ring.waiting());
        log.end();
    }

    private List<String> rotated() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith("access.log."))
                    .toList();
        }
    }
}
