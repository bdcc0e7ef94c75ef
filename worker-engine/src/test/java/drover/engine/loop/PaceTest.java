package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Pace pace = new Pace();

    @Test
    void a_byte_now_and_then_is_too_slow_after_a_minute() {
        pace.start(0);

        for (int second = 1; second < 60; second++) {
            assertThat(pace.isTooSlow(1, second * SECOND)).isFalse();
        }

        assertThat(pace.isTooSlow(1, 60 * SECOND)).isTrue();
    }

    @Test
    void five_hundred_bytes_a_second_are_enough_for_ever() {
        pace.start(0);

        for (int second = 1; second <= 600; second++) {
            assertThat(pace.isTooSlow(500, second * SECOND)).isFalse();
        }
    }

    @Test
    void a_fast_minute_does_not_pay_for_a_slow_one() {
        pace.start(0);
        assertThat(pace.isTooSlow(1 << 30, 60 * SECOND)).isFalse();

        assertThat(pace.isTooSlow(499 * 60, 120 * SECOND)).isTrue();
    }

    @Test
    void each_wait_begins_a_minute_of_its_own() {
        pace.start(0);
        pace.start(50 * SECOND);

        assertThat(pace.isTooSlow(1, 60 * SECOND)).isFalse();
    }
}
