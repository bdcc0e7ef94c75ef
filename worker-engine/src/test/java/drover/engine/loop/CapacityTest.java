package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CapacityTest {

    @Test
    void each_connection_has_room_for_its_file_and_each_loop_its_share() throws IOException {
        assertThat(Capacity.ofLoop(1, limits("20000"))).isEqualTo(new Capacity(9456, 1024));
        assertThat(Capacity.ofLoop(2, limits("20000"))).isEqualTo(new Capacity(4728, 1024));
        assertThat(Capacity.ofLoop(1, limits("unlimited")).most()).isGreaterThan(1_000_000);
    }

    @Test
    void a_limit_that_is_too_low_is_refused_with_what_to_do() {
        assertThatIOException()
                .isThrownBy(() -> Capacity.ofLoop(4, limits("128")))
                .withMessage("the limit of 128 open files is too low; raise it (ulimit -n)");
    }

    @Test
    void this_process_has_some() throws IOException {
        assertThat(Capacity.ofLoop(1).most()).isPositive();
    }

    @Test
    void it_is_nearly_full_above_fifteen_sixteenths() {
        var capacity = new Capacity(160, 0);

        assertThat(capacity.isNearlyFull(150)).isFalse();
        assertThat(capacity.isNearlyFull(151)).isTrue();
        assertThat(capacity.isFull(160)).isFalse();
        assertThat(capacity.isFull(161)).isTrue();
    }

    private static String limits(String openFiles) {
        return """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95977                95977                processes
                Max open files            %-20s 20000                files
                Max locked memory         8388608              8388608              bytes
                """.formatted(openFiles);
    }
}
