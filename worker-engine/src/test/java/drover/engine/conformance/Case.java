package drover.engine.conformance;

import java.util.List;

/**
 * One row of the table: bytes to send, and what a server may do then.
 *
 * @param allowed any one of these outcomes is right
 */
record Case(String group, String name, String section, Level level, List<Step> steps, List<Outcome> allowed) {

    enum Level {
        /** The RFC leaves no choice. */
        MUST,
        /** The RFC recommends it. */
        SHOULD,
        /** An answer that RFC and practice call dangerous is not given. */
        SECURITY,
        /** The RFC leaves a choice, and this is ours. */
        HOUSE
    }

    /** What the client does. */
    sealed interface Step {

        /** Sends these characters in one write, each as the byte of its number. */
        record Send(String octets) implements Step {}

        /** Leaves the server time to look at what it has; a response may come. */
        record Pause() implements Step {}

        /** Says that no more bytes will come. */
        record Finish() implements Step {}
    }

    /** All responses that the connection brings, and what becomes of it then. */
    record Outcome(List<Expected> responses, End end) {}

    enum End {
        /** The server ends the connection, and its last response says so. */
        CLOSE,
        /** A further request on the connection is answered. */
        KEEP,
        EITHER
    }

    /**
     * One response.
     *
     * @param statuses of three characters each, where {@code x} is any digit
     * @param head whether it answers HEAD and so has no body, whatever its fields say
     */
    record Expected(List<String> statuses, boolean head, List<Check> checks) {

        boolean allows(int code) {
            var digits = Integer.toString(code);
            return statuses.stream().anyMatch(status -> digits.matches(status.replace("x", "\\d")));
        }
    }

    /** What a response must have beside its status code; patterns are for the whole value. */
    sealed interface Check {

        record Present(String field, String pattern) implements Check {}

        record Absent(String field) implements Check {}

        record Body(String pattern) implements Check {}
    }

    /** How many responses may come, but for informational ones, which a server may leave out. */
    int mostResponses() {
        return allowed.stream()
                .mapToInt(outcome -> (int) outcome.responses().stream()
                        .filter(expected -> !expected.allows(100))
                        .count())
                .max()
                .orElse(0);
    }

    /** Whether the response at this place answers HEAD. */
    boolean answersHead(int place) {
        return allowed.stream()
                .anyMatch(outcome -> place < outcome.responses().size()
                        && outcome.responses().get(place).head());
    }

    boolean finishes() {
        return steps.stream().anyMatch(Step.Finish.class::isInstance);
    }

    @Override
    public String toString() {
        return name + " [" + section + ", " + level + "]";
    }
}
