package drover.admin.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final double NONE = Double.NaN;
    private static final long START = Instant.parse("2026-11-27T02:00:00Z").getEpochSecond();

    @TempDir
    private Path directory;

    private final History history = new History();

    /** A sample a second, {@code count} of them; the number in all columns grows by one each. */
    private void samples(long from, int count, int first) {
        for (int i = 0; i < count; i++) {
            sample(from + i, first + i);
        }
    }

    private void sample(long second, float number) {
        var numbers = new float[Column.COUNT];
        Arrays.fill(numbers, number);
        history.add(Instant.ofEpochSecond(second, 500_000_000), numbers);
    }

    private List<Optional<Double>> requests(long from, long to, int step) {
        return requests(history, from, to, step);
    }

    private static List<Optional<Double>> requests(History history, long from, long to, int step) {
        return Optional.ofNullable(history.between(from, to, step).columns().get("requestsPerSecond"))
                .orElseThrow();
    }

    private static List<Optional<Double>> numbers(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> Double.isNaN(value) ? Optional.<Double>empty() : Optional.of(value))
                .toList();
    }

    @Test
    void each_second_of_the_last_hour_has_its_number() {
        samples(START, 3700, 0);

        assertThat(requests(START + 100, START + 103, 1)).isEqualTo(numbers(100.0, 101.0, 102.0));
        assertThat(requests(START + 3698, START + 3702, 1)).isEqualTo(numbers(3698.0, 3699.0, NONE, NONE));
    }

    @Test
    void beyond_an_hour_there_are_averages_of_ten_seconds() {
        samples(START, 3700, 0);

        assertThat(requests(START, START + 20, 10)).isEqualTo(numbers(4.5, 14.5));
        assertThat(requests(START, START + 2, 1)).isEqualTo(numbers(4.5, 4.5));
    }

    @Test
    void beyond_a_day_there_is_nothing() {
        samples(START, 86_400 + 20, 0);

        assertThat(requests(START, START + 30, 10)).isEqualTo(numbers(NONE, NONE, 24.5));
    }

    @Test
    void a_longer_step_is_the_average_of_what_is_known_of_it() {
        sample(START, 1);
        sample(START + 30, 3);

        assertThat(requests(START, START + 120, 60)).isEqualTo(numbers(2.0, NONE));
    }

    @Test
    void times_are_taken_down_and_up_to_whole_steps() {
        var answer = history.between(START + 7, START + 61, 10);

        assertThat(answer.from()).isEqualTo(Instant.ofEpochSecond(START));
        assertThat(answer.to()).isEqualTo(Instant.ofEpochSecond(START + 70));
        assertThat(answer.columns())
                .hasSize(Column.COUNT)
                .allSatisfy((_, column) -> assertThat(column).hasSize(7).containsOnly(Optional.empty()));
    }

    @Test
    void a_sample_that_came_a_little_late_leaves_no_hole_and_a_pause_does() {
        sample(START, 1);
        sample(START + 2, 2);
        sample(START + 5, 3);

        assertThat(requests(START, START + 6, 1)).isEqualTo(numbers(1.0, 2.0, 2.0, NONE, NONE, 3.0));
    }

    @Test
    void a_clock_that_is_set_back_begins_the_seconds_anew() {
        samples(START, 10, 0);

        sample(START - 7200, 42);

        assertThat(requests(START - 7200, START - 7198, 1)).isEqualTo(numbers(42.0, NONE));
        assertThat(requests(START, START + 2, 1)).isEqualTo(numbers(NONE, NONE));
    }

    // ---- in its file

    @Test
    void the_next_admin_knows_it_and_the_time_between_them_is_a_gap() throws IOException {
        samples(START, 10, 0);
        var file = new HistoryFile(directory.resolve("history"));
        file.write(history);
        file.write(history);

        var next = new History();
        file.read(next);
        next.add(Instant.ofEpochSecond(START + 20), new float[] {7, 0, 0, 0, 0, 0, 0});

        assertThat(requests(next, START + 8, START + 22, 1))
                .isEqualTo(numbers(8.0, 9.0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 7.0, NONE));
        assertThat(Files.getPosixFilePermissions(file.path()))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        try (var all = Files.list(directory)) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void what_is_damaged_is_not_taken_over() {
        samples(START, 10, 0);
        var whole = history.checkpoint();
        var next = new History();

        for (int at : new int[] {0, 5, 40, whole.length / 2, whole.length - 1}) {
            var damaged = whole.clone();
            damaged[at] ^= 1;
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> next.restore(damaged));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> next.restore(Arrays.copyOf(whole, at)));
        }

        assertThat(requests(next, START, START + 2, 1)).isEqualTo(numbers(NONE, NONE));
    }
}
