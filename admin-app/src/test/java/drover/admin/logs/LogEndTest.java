package drover.admin.logs;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.logs.LogLine.Level;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LogEndTest {

    private static final String TRACE = """
            2026-11-27T10:00:00.000Z INFO begun
            2026-11-27T10:00:01.000Z ERROR failed
            java.lang.IllegalStateException: why
            \tat drover.Somewhere
            2026-11-27T10:00:02.000Z INFO goes on
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void the_last_lines_come_with_the_oldest_first() throws IOException {
        var log = log("one\ntwo\nthree\n");

        assertThat(texts(LogEnd.of(log, LogFilter.ALL, 2))).containsExactly("two", "three");
        assertThat(LogEnd.of(log, LogFilter.ALL, 2).complete()).isFalse();
        assertThat(texts(LogEnd.of(log, LogFilter.ALL, 9))).containsExactly("one", "two", "three");
        assertThat(LogEnd.of(log, LogFilter.ALL, 9).complete()).isTrue();
    }

    @Test
    void empty_logs_empty_lines_and_a_line_that_is_being_written_are_as_they_are() throws IOException {
        assertThat(texts(LogEnd.of(log(""), LogFilter.ALL, 9))).isEmpty();
        assertThat(texts(LogEnd.of(log("\n"), LogFilter.ALL, 9))).isEmpty();
        assertThat(texts(LogEnd.of(log("a\n\nb"), LogFilter.ALL, 9))).containsExactly("a", "", "b");
    }

    @Test
    void lines_longer_than_a_block_are_cut_and_their_neighbours_whole() throws IOException {
        var log = log("before\n" + "é".repeat(200_000) + "\nafter\n");

        var lines = texts(LogEnd.of(log, LogFilter.ALL, 9));

        assertThat(lines).hasSize(3).startsWith("before").endsWith("after");
        assertThat(lines.get(1)).startsWith("ééé").endsWith("…").hasSizeLessThan(LogText.LONGEST_BYTES);
    }

    @Test
    void every_length_of_line_at_the_border_of_two_blocks_is_whole() throws IOException {
        for (int length = (64 << 10) - 3; length < (64 << 10) + 3; length++) {
            var log = log("first\nsecond\n" + "y".repeat(length - 14) + "\nz\n");

            var lines = texts(LogEnd.of(log, LogFilter.ALL, 9));

            assertThat(lines).hasSize(4).startsWith("first", "second").endsWith("z");
        }
    }

    @Test
    void a_stack_trace_belongs_to_its_line() throws IOException {
        var errors = LogEnd.of(log(TRACE), new LogFilter(Optional.empty(), Optional.of(Level.ERROR)), 9);

        assertThat(texts(errors))
                .containsExactly("failed", "java.lang.IllegalStateException: why", "\tat drover.Somewhere");
        assertThat(errors.lines().getFirst().at()).contains(Instant.parse("2026-11-27T10:00:01Z"));
        assertThat(errors.lines().getFirst().level()).contains(Level.ERROR);
    }

    @Test
    void what_is_searched_for_is_text_in_whatever_case() throws IOException {
        var log = log("a.b\naxb\nA.B\n[\n");

        assertThat(texts(LogEnd.of(log, search("a.b"), 9))).containsExactly("a.b", "A.B");
        assertThat(texts(LogEnd.of(log, search("["), 9))).containsExactly("[");
    }

    @Test
    void access_logs_have_times() throws IOException {
        var log = log("""
                192.0.2.1 - - [23/Nov/2026:08:00:00 +0100] "GET /a HTTP/1.1" 200 1
                192.0.2.1 - - [99/Nov/2026:08:00:00 +0100] "GET /a HTTP/1.1" 200 1
                {"ts":"2026-11-23T08:00:00.250Z","remote_ip":"10.0.0.1"}
                """);

        assertThat(LogEnd.of(log, LogFilter.ALL, 9).lines())
                .extracting(LogLine::at)
                .containsExactly(
                        Optional.of(Instant.parse("2026-11-23T07:00:00Z")),
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-11-23T08:00:00.250Z")));
    }

    @Test
    @Timeout(20)
    void a_log_of_many_gigabytes_is_not_read_through() throws IOException {
        var log = log("");
        try (var file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(8L << 30); // a hole, which takes no room
            file.seek(8L << 30);
            file.write("\nlast\n".getBytes(StandardCharsets.US_ASCII));
        }

        var found = LogEnd.of(log, search("nowhere"), 9);

        assertThat(found.lines()).isEmpty();
        assertThat(found.complete()).isFalse();
        assertThat(texts(LogEnd.of(log, LogFilter.ALL, 1))).containsExactly("last");
    }

    @Test
    void what_is_no_text_becomes_text() {
        assertThat(text(new byte[] {'a', 0, 0x1b, '[', 'm', (byte) 0xff, (byte) 0xc3, (byte) 0xa9, 0x7f, '\t', '<'}))
                .isEqualTo("a\\x00\\x1b[m\\xffé\\x7f\t<");
        assertThat(text("\u202eabc\u2066\u0085".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\\u202eabc\\u2066\\x85");
        assertThat(text(new byte[] {(byte) 0xc3})).isEqualTo("\\xc3");
    }

    private static String text(byte[] bytes) {
        return LogText.of(bytes);
    }

    private static LogFilter search(String text) {
        return new LogFilter(Optional.of(text), Optional.empty());
    }

    private Path log(String text) throws IOException {
        return Files.writeString(directory.resolve("a.log"), text);
    }

    private static List<String> texts(LogEnd.Found found) {
        return found.lines().stream().map(LogLine::text).toList();
    }
}
