package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Backoff backoff = new Backoff();

    @Test
    void each_crash_doubles_the_wait() {
        var waits = new java.util.ArrayList<Long>();

        for (int crash = 0; crash < 4; crash++) {
            backoff.crashed(crash, Duration.ZERO);
            waits.add(backoff.delay().toMillis());
        }

        assertThat(waits).containsExactly(100L, 200L, 400L, 800L);
    }

    @Test
    void no_wait_is_longer_than_five_seconds() {
        for (int crash = 0; crash < 50; crash++) {
            backoff.crashed(crash, Duration.ZERO);
        }

        assertThat(backoff.delay()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void five_crashes_within_a_minute_are_too_many() {
        for (int crash = 0; crash < 4; crash++) {
            backoff.crashed(crash, Duration.ZERO);
        }
        assertThat(backoff.exhausted()).isFalse();

        backoff.crashed(MINUTE, Duration.ZERO);

        assertThat(backoff.exhausted()).isTrue();
    }

    @Test
    void a_crash_of_more_than_a_minute_ago_is_forgiven() {
        for (int crash = 0; crash < 4; crash++) {
            backoff.crashed(crash, Duration.ZERO);
        }

        backoff.crashed(MINUTE + 4, Duration.ZERO);

        assertThat(backoff.exhausted()).isFalse();
        assertThat(backoff.delay()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void who_has_served_for_a_while_is_replaced_as_fast_as_the_first() {
        for (int crash = 0; crash < 3; crash++) {
            backoff.crashed(crash, Duration.ZERO);
        }

        backoff.crashed(3, Duration.ofSeconds(10));

        assertThat(backoff.delay()).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.exhausted()).isFalse();
        backoff.crashed(4, Duration.ofSeconds(10));
        assertThat(backoff.exhausted()).isTrue();
    }

    @Test
    void a_reset_forgives_all() {
        for (int crash = 0; crash < 5; crash++) {
            backoff.crashed(crash, Duration.ZERO);
        }

        backoff.reset();

        assertThat(backoff.exhausted()).isFalse();
    }
}
