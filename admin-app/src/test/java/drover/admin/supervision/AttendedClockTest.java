package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttendedClockTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AttendedClock clock = new AttendedClock(5 * SECOND);

    @Test
    void time_between_two_looks_counts() {
        assertThat(clock.look(5 * SECOND + 50)).isFalse();
        assertThat(clock.look(6 * SECOND)).isFalse();

        assertThat(clock.nanos()).isEqualTo(SECOND);
    }

    @Test
    void a_pause_is_told_and_does_not_count() {
        clock.look(5 * SECOND + 50);

        assertThat(clock.look(65 * SECOND)).isTrue();
        assertThat(clock.look(65 * SECOND + 50)).isFalse();

        assertThat(clock.nanos()).isEqualTo(100);
    }
}
