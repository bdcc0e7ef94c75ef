package drover.admin.stats;

import com.fasterxml.jackson.annotation.JsonIgnore;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.engine.stats.Flight;
import drover.engine.stats.Flight.Phase;
import drover.engine.stats.RegionReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request as the flight recorder of a worker has it. Texts are as the client sent them, cut to the recorder's room; what is
 * not printable ASCII, and a backslash, is written as {@code \xNN}.
 *
 * @param loop the event loop, from 0
 * @param connection its number in the process
 * @param phaseSeconds since when it is in its phase; of a finished one, how long ago it was over
 * @param ageSeconds since its first byte was seen
 * @param status none until its answer is over
 * @param path without its query, in whose place {@code ?...} stands
 * @param bytes of the body so far
 */
public record RecordedRequest(
        int worker,
        long pid,
        int loop,
        long connection,
        Phase phase,
        double phaseSeconds,
        double ageSeconds,
        Optional<Integer> status,
        String method,
        String client,
        String host,
        String path,
        long bytes) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int DELETE = 0x7f;
    private static final int LAST_BYTE = 0xff;

    /**
     * What the living processes of a slot are at, the oldest first, and then what they have finished, the last first; also of
     * one that hangs.
     *
     * @param nanoTime now, CLOCK_MONOTONIC, which is what nanoTime reads on Linux
     */
    public static List<RecordedRequest> of(RegionReader region, SlotView slot, long nanoTime) {
        return slot.processes().stream()
                .filter(process -> region.seat(slot.slot(), process.seat()).pid() == process.pid())
                .flatMap(process -> region.flights(slot.slot(), process.seat()).stream()
                        .map(flight -> of(slot.slot(), process, flight, nanoTime)))
                .toList();
    }

    private static RecordedRequest of(int slot, WorkerProcess process, Flight flight, long nanoTime) {
        return new RecordedRequest(
                slot,
                process.pid(),
                flight.loop(),
                flight.connection(),
                flight.phase(),
                seconds(nanoTime - flight.sinceNanos()),
                seconds(nanoTime - flight.begunNanos()),
                flight.isFinished() ? Optional.of(flight.status()) : Optional.empty(),
                escaped(flight.method()),
                escaped(flight.client()),
                escaped(flight.host()),
                escaped(flight.path()),
                flight.bytes());
    }

    /** Whatever stands in the region: never below zero. */
    private static double seconds(long nanos) {
        return Math.max(0, nanos / NANOS_PER_SECOND);
    }

    /** What a client sent must not steer a terminal. A character that is no byte is the recorder's dots. */
    private static String escaped(String bytes) {
        return bytes.chars().mapToObj(RecordedRequest::escaped).collect(Collectors.joining());
    }

    private static String escaped(int one) {
        if (one > LAST_BYTE) {
            return "...";
        }
        return one >= ' ' && one < DELETE && one != '\\' ? Character.toString(one) : "\\x%02x".formatted(one);
    }

    @JsonIgnore
    public boolean isInFlight() {
        return phase != Phase.FINISHED;
    }
}
