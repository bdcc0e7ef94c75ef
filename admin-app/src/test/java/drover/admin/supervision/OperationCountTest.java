package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.supervision.Operation.Action;
import drover.admin.supervision.Operation.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationCountTest {

    @Test
    void every_action_has_every_end_from_the_beginning() {
        assertThat(OperationCount.zero())
                .hasSize(3 * Action.values().length)
                .allSatisfy(one -> assertThat(one.count()).isZero())
                .noneSatisfy(one -> assertThat(one.outcome()).isEqualTo(State.RUNNING));
    }

    @Test
    void what_an_earlier_admin_counted_is_kept_and_what_nobody_knows_is_left_out() {
        var before = List.of(
                new OperationCount(Action.SCALE, State.DONE, 4), new OperationCount(Action.SCALE, State.RUNNING, 9));

        var all = OperationCount.plus(OperationCount.plus(OperationCount.zero(), before), before);

        assertThat(all).hasSameSizeAs(OperationCount.zero());
        assertThat(all).contains(new OperationCount(Action.SCALE, State.DONE, 8));
        assertThat(all.stream().mapToLong(OperationCount::count).sum()).isEqualTo(8);
    }
}
