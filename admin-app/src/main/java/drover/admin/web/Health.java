package drover.admin.web;

import com.fasterxml.jackson.annotation.JsonValue;
import drover.admin.stats.Sample;
import drover.admin.stats.WorkerSample;
import drover.admin.supervision.SlotState;
import java.util.Locale;

/** How the farm is, in one word and in one sentence. */
public record Health(State state, String sentence) {

    /** In one word. */
    public enum State {
        OK,
        DEGRADED,
        DOWN;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The health of the farm at one moment. */
    public static Health of(Sample sample) {
        long up = up(sample);
        int wanted = sample.wantedWorkers();
        if (sample.master().state() != SlotState.UP) {
            return new Health(
                    State.DOWN, "The master is " + words(sample.master().state()) + ": no new connection is taken.");
        }
        if (up == 0) {
            return new Health(State.DOWN, "No worker is up" + trouble(sample) + ".");
        }
        if (up < wanted) {
            return new Health(
                    State.DEGRADED, up + " of " + wanted + " workers " + are(up) + " up" + trouble(sample) + ".");
        }
        return new Health(
                State.OK,
                switch (wanted) {
                    case 1 -> "The worker is up.";
                    case 2 -> "Both workers are up.";
                    default -> "All " + wanted + " workers are up.";
                });
    }

    /** Workers that serve: also those whose successor is starting, or whose predecessor drains. */
    static long up(Sample sample) {
        return sample.workers().stream().filter(Health::serves).count();
    }

    private static boolean serves(WorkerSample worker) {
        return worker.slot().serves();
    }

    private static String trouble(Sample sample) {
        return sample.workers().stream()
                .filter(worker -> !serves(worker))
                .findFirst()
                .map(worker -> "; worker " + worker.slot().slot() + " is "
                        + (worker.slot().hung() ? "hung" : words(worker.slot().state())))
                .orElse("");
    }

    private static String are(long count) {
        return count == 1 ? "is" : "are";
    }

    private static String words(SlotState state) {
        return switch (state) {
            case VACANT -> "not started";
            case STARTING -> "starting";
            case UP -> "up";
            case DRAINING -> "draining";
            case BACKOFF -> "about to be started again after a crash";
            case FAILED -> "failed";
            case STOPPED -> "stopped";
        };
    }
}
