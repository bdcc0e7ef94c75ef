package drover.engine.conformance;

import drover.engine.conformance.Case.Check;
import drover.engine.conformance.Case.End;
import drover.engine.conformance.Case.Expected;
import drover.engine.conformance.Case.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether what a server did is one of the outcomes that a case allows: the faults of the likeliest one, or none. */
record Verdict(List<String> faults) {

    static final String CANARY = "the canary was served";

    static Verdict on(Case played, Exchange.Result result) {
        var best = played.allowed().stream()
                .map(outcome -> faults(outcome, result))
                .min((first, second) -> Integer.compare(first.size(), second.size()))
                .orElseThrow();
        var faults = new ArrayList<>(best);
        if (result.replies().stream().anyMatch(reply -> reply.body().contains("canary"))) {
            faults.add(CANARY);
        }
        return new Verdict(faults);
    }

    boolean passed() {
        return faults.isEmpty();
    }

    private static List<String> faults(Outcome outcome, Exchange.Result result) {
        var faults = new ArrayList<String>();
        var replies = result.replies();
        if (replies.size() != outcome.responses().size()) {
            faults.add(replies.size() + " responses instead of "
                    + outcome.responses().size() + ": "
                    + replies.stream()
                            .map(reply -> Integer.toString(reply.code()))
                            .collect(Collectors.joining(", ")));
        }
        for (int i = 0; i < Math.min(replies.size(), outcome.responses().size()); i++) {
            check(outcome.responses().get(i), replies.get(i), faults);
        }
        if (!result.rest().isEmpty()) {
            faults.add("bytes that are no response: "
                    + result.rest().substring(0, Math.min(200, result.rest().length())));
        }
        checkEnd(outcome.end(), result, faults);
        return faults;
    }

    private static void checkEnd(End end, Exchange.Result result, List<String> faults) {
        boolean said = !result.replies().isEmpty() && result.replies().getLast().saysClose();
        switch (end) {
            case KEEP -> {
                if (!result.kept()) {
                    faults.add("the connection was not kept");
                }
            }
            case CLOSE -> {
                if (result.kept() || !result.ended()) {
                    faults.add("the connection was not closed");
                } else if (!said && !result.replies().isEmpty()) {
                    faults.add("the connection was closed, but no Connection: close said so");
                }
            }
            case EITHER -> {
                if (!result.kept() && !result.ended()) {
                    faults.add("the connection was neither closed nor of use");
                }
            }
        }
    }

    private static void check(Expected expected, Reply reply, List<String> faults) {
        faults.addAll(reply.faults());
        if (!expected.allows(reply.code())) {
            faults.add("status " + reply.code() + " instead of " + String.join(" or ", expected.statuses()));
        }
        for (var check : expected.checks()) {
            switch (check) {
                case Check.Present(String field, String pattern) -> {
                    if (reply.values(field).stream().noneMatch(value -> value.matches("(?i)" + pattern))) {
                        faults.add(field + " is " + reply.values(field) + ", not " + pattern);
                    }
                }
                case Check.Absent(String field) -> {
                    if (!reply.values(field).isEmpty()) {
                        faults.add(field + " is " + reply.values(field) + ", and should not be");
                    }
                }
                case Check.Body(String pattern) -> {
                    if (!Pattern.compile(pattern, Pattern.DOTALL)
                            .matcher(reply.body())
                            .matches()) {
                        faults.add("the body is not " + pattern + " but "
                                + reply.body()
                                        .substring(0, Math.min(200, reply.body().length())));
                    }
                }
            }
        }
    }
}
