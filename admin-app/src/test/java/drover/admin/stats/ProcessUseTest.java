package drover.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessUseTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void the_kernel_tells_what_a_process_takes() {
        long self = ProcessHandle.current().pid();

        var use = ProcessUse.of(StatsRegion.slot(1, self).processes());

        assertThat(use.residentBytes()).isBetween(1L << 20, 1L << 40);
        assertThat(use.processorTimes().get(self)).isPositive();
    }

    @Test
    void a_process_that_is_gone_takes_nothing() {
        assertThat(ProcessUse.of(StatsRegion.slot(1, Integer.MAX_VALUE).processes()))
                .isEqualTo(ProcessUse.NONE);
    }

    @Test
    void processors_are_those_of_processes_that_lived_at_both_moments() {
        var earlier = new ProcessUse(Map.of(1L, Duration.ofMillis(200), 2L, Duration.ofHours(1)), 0);
        var now = new ProcessUse(Map.of(1L, Duration.ofMillis(1200), 3L, Duration.ofHours(1)), 0);

        assertThat(now.processorsSince(earlier, 2 * SECOND)).isEqualTo(0.5);
        assertThat(now.processorsSince(now, 0)).isZero();
    }
}
