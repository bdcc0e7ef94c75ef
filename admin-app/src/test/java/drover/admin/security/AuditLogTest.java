package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.security.AuditEntry.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    private static final Instant NOW = Instant.parse("2026-11-27T01:02:03.004Z");

    @TempDir
    private Path directory;

    @Test
    void an_entry_is_one_line_of_ascii_whatever_is_in_it() throws IOException {
        log(1 << 20)
                .add(
                        "a\nb\r\u001b[31m\u0000\u2028\u0085é",
                        "::1",
                        "login",
                        "/x?\"y",
                        Outcome.REFUSED,
                        Optional.empty());

        assertThat(Files.readString(directory.resolve("audit.jsonl"), StandardCharsets.US_ASCII))
                .isEqualTo("{\"id\":1,\"at\":\"2026-11-27T01:02:03.004Z\","
                        + "\"user\":\"a\\nb\\r\\u001B[31m\\u0000\\u2028\\u0085\\u00E9\",\"address\":\"::1\","
                        + "\"action\":\"login\",\"target\":\"/x?\\\"y\",\"outcome\":\"refused\",\"detail\":null}\n");
    }

    @Test
    void the_next_admin_goes_on_counting_behind_a_line_that_was_torn() throws IOException {
        add(log(1 << 20), 3);
        var file = directory.resolve("audit.jsonl");
        Files.writeString(file, Files.readString(file) + "{\"id\":4,\"at\":\"20");

        var next = log(1 << 20);
        add(next, 1);

        assertThat(next.latest(10)).extracting(AuditEntry::id).containsExactly(1L, 2L, 3L, 4L);
        assertThat(next.after(2, 1)).extracting(AuditEntry::id).containsExactly(3L);
        assertThat(log(1 << 20).latest(10)).isEqualTo(next.latest(10));
    }

    @Test
    void it_is_begun_anew_when_it_is_long_and_earlier_ones_are_kept() throws IOException {
        var log = log(500);
        add(log, 20);

        assertThat(Files.size(directory.resolve("audit.jsonl"))).isLessThan(1000);
        assertThat(directory.resolve("audit.jsonl.3")).exists();
        assertThat(directory.resolve("audit.jsonl.4")).doesNotExist();
        assertThat(log.latest(100)).hasSize(20);
    }

    private AuditLog log(long limitBytes) {
        return new AuditLog(directory.resolve("audit.jsonl"), limitBytes, 3, () -> NOW);
    }

    private static void add(AuditLog log, int times) {
        for (int i = 0; i < times; i++) {
            log.add("anna", "127.0.0.1", "POST /api/v1/x", "/api/v1/x", Outcome.ACCEPTED, Optional.of("done"));
        }
    }
}
