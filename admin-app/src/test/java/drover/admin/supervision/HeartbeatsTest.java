package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    private final Heartbeats heartbeats = new Heartbeats();

    @Test
    void the_slowest_loop_counts() {
        heartbeats.observe(List.of(1L, 1L), 100);
        heartbeats.observe(List.of(2L, 1L), 300);

        assertThat(heartbeats.ageNanos(350)).isEqualTo(250);
    }

    @Test
    void only_a_change_is_believed_and_not_what_it_says() {
        heartbeats.observe(List.of(Long.MAX_VALUE), 100);
        heartbeats.observe(List.of(Long.MAX_VALUE), 300);
        assertThat(heartbeats.ageNanos(300)).isEqualTo(200);

        heartbeats.observe(List.of(-1L), 400);

        assertThat(heartbeats.ageNanos(400)).isZero();
    }

    @Test
    void what_was_never_seen_is_not_old() {
        assertThat(heartbeats.ageNanos(1_000_000)).isZero();
    }

    @Test
    void after_a_pause_all_age_anew() {
        heartbeats.observe(List.of(1L, 2L), 100);

        heartbeats.renew(500);

        assertThat(heartbeats.ageNanos(550)).isEqualTo(50);
    }
}
