package drover.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

    @Test
    void what_keeps_the_processor_busy_every_time_is_too_slow() {
        assertThatThrownBy(() -> TimeLimit.hold(TimeLimitTest::busy))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("takes");
    }

    @Test
    void what_takes_long_only_the_first_time_is_not() {
        var calls = new AtomicInteger();

        assertThat(TimeLimit.hold(() -> calls.incrementAndGet() == 1 ? busy() : 7))
                .isZero();
        assertThat(calls).hasValueGreaterThan(1);
    }

    @Test
    void waiting_is_not_working() {
        assertThat(TimeLimit.hold(() -> {
                    long until = System.nanoTime() + 2 * TimeLimit.NANOS;
                    while (System.nanoTime() < until) {
                        LockSupport.parkNanos(until - System.nanoTime());
                    }
                    return 7;
                }))
                .isEqualTo(7);
    }

    private static int busy() {
        var threads = ManagementFactory.getThreadMXBean();
        long until = threads.getCurrentThreadCpuTime() + 2 * TimeLimit.NANOS;
        int spent = 0;
        while (threads.getCurrentThreadCpuTime() < until) {
            spent = 0;
        }
        return spent;
    }
}
