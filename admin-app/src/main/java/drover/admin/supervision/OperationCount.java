package drover.admin.supervision;

import drover.admin.supervision.Operation.Action;
import drover.admin.supervision.Operation.State;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** How many operations that did the same have come to the same end since the farm was started. */
public record OperationCount(Action action, State outcome, long count) {

    /** Each action with each end it can come to, none so far. */
    static List<OperationCount> zero() {
        return Arrays.stream(Action.values())
                .flatMap(action -> Stream.of(State.DONE, State.FAILED, State.ABORTED)
                        .map(outcome -> new OperationCount(action, outcome, 0)))
                .toList();
    }

    /** The same with one that has ended now. */
    static List<OperationCount> plus(List<OperationCount> before, Operation ended) {
        return plus(before, new OperationCount(ended.action(), ended.state(), 1));
    }

    /** The same with those that were counted elsewhere. */
    static List<OperationCount> plus(List<OperationCount> before, List<OperationCount> others) {
        var sum = before;
        for (var other : others) {
            sum = plus(sum, other);
        }
        return sum;
    }

    private static List<OperationCount> plus(List<OperationCount> before, OperationCount other) {
        return before.stream()
                .map(one -> one.action == other.action && one.outcome == other.outcome
                        ? new OperationCount(one.action, one.outcome, one.count + other.count)
                        : one)
                .toList();
    }
}
