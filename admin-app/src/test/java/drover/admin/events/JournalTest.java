package drover.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.events.Event.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final long ANY_LENGTH = 1 << 20;
    private static final Instant NOW = Instant.parse("2026-11-26T20:00:00Z");

    @TempDir
    private Path directory;

    private Journal journal(long limitBytes) {
        return new Journal(directory.resolve("events.jsonl"), limitBytes, 2, InstantSource.fixed(NOW));
    }

    @Test
    void an_event_is_a_line_that_its_owner_alone_can_read_as_soon_as_it_is_added() throws IOException {
        journal(ANY_LENGTH)
                .add(Event.of(Kind.WORKER_CRASHED).slot(2).pid(812).cause("oom").detail("A \"quoted\"\nword."));

        assertThat(Files.readAllLines(directory.resolve("events.jsonl")))
                .containsExactly(
                        "{\"id\":1,\"at\":\"2026-11-26T20:00:00Z\",\"kind\":\"worker-crashed\",\"actor\":\"drover\","
                                + "\"slot\":2,\"pid\":812,\"cause\":\"oom\",\"detail\":\"A \\\"quoted\\\"\\nword.\"}");
        assertThat(Files.getPosixFilePermissions(directory.resolve("events.jsonl")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void the_next_admin_goes_on_counting_and_knows_what_was() {
        var first = journal(ANY_LENGTH).add(Event.of(Kind.ADMIN_STARTED));

        var next = journal(ANY_LENGTH);
        var second = next.add(Event.of(Kind.LOGIN, "anna").address("127.0.0.1"));

        assertThat(second.id()).isEqualTo(2);
        assertThat(next.latest(10)).containsExactly(first, second);
        assertThat(next.after(1, 10)).containsExactly(second);
        assertThat(next.after(2, 10)).isEmpty();
        assertThat(next.latest(1)).containsExactly(second);
    }

    @Test
    void a_long_file_is_begun_anew_and_so_many_earlier_ones_are_kept() {
        var journal = journal(300);
        for (int i = 0; i < 40; i++) {
            journal.add(Event.of(Kind.ADMIN_PAUSED));
        }

        assertThat(directory.resolve("events.jsonl.2")).isNotEmptyFile();
        assertThat(directory.resolve("events.jsonl.3")).doesNotExist();
        assertThat(new EventsFile(directory.resolve("events.jsonl")).latest(6))
                .extracting(Event::id)
                .containsExactly(35L, 36L, 37L, 38L, 39L, 40L);
    }

    @Test
    void a_torn_line_hides_no_other() throws IOException {
        var file = directory.resolve("events.jsonl");
        journal(ANY_LENGTH).add(Event.of(Kind.ADMIN_STARTED));
        Files.writeString(file, "{\"id\":7,\"at\":\"20", StandardOpenOption.APPEND);

        var journal = journal(ANY_LENGTH);
        journal.add(Event.of(Kind.ADMIN_STOPPED));

        assertThat(new EventsFile(file).latest(10))
                .extracting(Event::kind)
                .containsExactly(Kind.ADMIN_STARTED, Kind.ADMIN_STOPPED);
    }

    @Test
    void a_line_of_another_drover_is_no_event() {
        assertThat(List.of("", "null", "{}", "[1]", "{\"id\":1,\"kind\":\"dance\",\"at\":\"2026-11-26T20:00:00Z\"}"))
                .allSatisfy(line -> assertThat(EventsFile.parse(line)).isEmpty());
    }

    @Test
    void a_file_that_was_moved_away_has_another_in_its_place() throws IOException {
        var file = directory.resolve("events.jsonl");
        var journal = journal(ANY_LENGTH);
        journal.add(Event.of(Kind.ADMIN_STARTED));
        Files.move(file, directory.resolve("moved"));

        journal.add(Event.of(Kind.ADMIN_STOPPED));

        assertThat(new EventsFile(file).latest(10)).extracting(Event::kind).containsExactly(Kind.ADMIN_STOPPED);
    }

    @Test
    void what_cannot_be_written_is_still_known() {
        var missing = new Journal(directory.resolve("gone/events.jsonl"), ANY_LENGTH, 2, InstantSource.fixed(NOW));

        missing.add(Event.of(Kind.ADMIN_STARTED));

        assertThat(missing.latest(1)).extracting(Event::kind).containsExactly(Kind.ADMIN_STARTED);
    }
}
