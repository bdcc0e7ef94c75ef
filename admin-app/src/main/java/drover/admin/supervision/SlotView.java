package drover.admin.supervision;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A slot at one moment.
 *
 * @param wanted what the slot is for
 * @param state what the slot as a whole is going through; during a restart STARTING while the successor starts (the
 *     predecessor still serves), DRAINING while the predecessor drains, then UP
 * @param processes the processes in its seats, the one that takes new connections first; at most two
 * @param restarts how often a process was replaced, by reason ({@code operator}, {@code crash}, …); kept across restarts
 *     of admin
 * @param detail a sentence for people where the state alone does not tell enough, else empty
 */
public record SlotView(
        int slot,
        Wanted wanted,
        SlotState state,
        List<WorkerProcess> processes,
        Map<String, Long> restarts,
        String detail) {

    /**
     * A living worker process.
     *
     * @param generation of the configuration and the worker that it was started with
     * @param hung one of its event loops does not turn; it is about to be killed
     */
    public record WorkerProcess(int seat, SlotState state, int generation, long pid, Instant startedAt, boolean hung) {

        /** What the Java heap of a worker may grow to, in bytes: every one is started so. */
        public static final long MOST_HEAP_BYTES = 64L << 20;

        /** Whether it takes new connections and answers. */
        public boolean serves() {
            return state == SlotState.UP && !hung;
        }
    }

    public boolean hung() {
        return processes.stream().anyMatch(WorkerProcess::hung);
    }

    public boolean serves() {
        return processes.stream().anyMatch(WorkerProcess::serves);
    }
}
