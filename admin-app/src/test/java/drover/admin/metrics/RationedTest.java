package drover.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RationedTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong nanoTime = new AtomicLong(5 * SECOND);
    private final AtomicInteger made = new AtomicInteger();
    private final Rationed<Integer> rationed = new Rationed<>(nanoTime::get);

    private int ask() {
        return rationed.shared().orElseGet(() -> {
            int number = made.incrementAndGet();
            rationed.made(number);
            return number;
        });
    }

    private void askInARow(int times) {
        for (int time = 0; time < times; time++) {
            ask();
        }
    }

    @Test
    void who_asks_now_and_then_gets_what_is_so_now() {
        for (int second = 1; second <= 50; second++) {
            nanoTime.addAndGet(2 * SECOND);

            assertThat(ask()).isEqualTo(2 * second - 1);
            assertThat(ask()).isEqualTo(2 * second);
        }
    }

    @Test
    void a_crowd_shares_what_is_made_once_a_second() {
        askInARow(100);
        int before = made.get();
        for (int second = 0; second < 60; second++) {
            for (int ask = 0; ask < 20; ask++) {
                nanoTime.addAndGet(SECOND / 20);
                ask();
            }
        }

        assertThat(before).isEqualTo(Rationed.MOST_IN_A_ROW);
        assertThat(made.get() - before).isEqualTo(60);
    }

    @Test
    void after_a_pause_it_is_as_at_first() {
        askInARow(100);
        nanoTime.addAndGet(60 * SECOND);

        askInARow(100);

        assertThat(made).hasValue(2 * Rationed.MOST_IN_A_ROW);
    }

    @Test
    void what_could_not_be_made_is_not_owed() {
        for (int time = 0; time < 100; time++) {
            assertThat(rationed.shared()).isEmpty();
        }
        ask();

        nanoTime.addAndGet(SECOND);
        ask();

        assertThat(made).hasValue(2);
    }
}
