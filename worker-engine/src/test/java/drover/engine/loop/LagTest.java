package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTest {

    private static final long MILLISECOND = 1_000_000;

    private final Lag lag = new Lag();

    /** A turn that ends at a time and took so long, all in milliseconds. */
    private long turn(long ended, long took) {
        return lag.longest((ended - took) * MILLISECOND, ended * MILLISECOND) / MILLISECOND;
    }

    @Test
    void the_longest_turn_counts() {
        assertThat(turn(5000, 1)).isEqualTo(1);
        assertThat(turn(5100, 40)).isEqualTo(40);
        assertThat(turn(5200, 2)).isEqualTo(40);
    }

    @Test
    void it_is_told_for_a_second_at_least_and_two_at_most() {
        turn(5000, 1);
        turn(5900, 40);

        assertThat(turn(6500, 1)).isEqualTo(40);
        assertThat(turn(7400, 1)).isEqualTo(40);
        assertThat(turn(7600, 1)).isEqualTo(1);
    }

    @Test
    void what_was_before_a_long_silence_is_forgotten() {
        turn(5000, 40);

        assertThat(turn(9000, 1)).isEqualTo(1);
    }
}
