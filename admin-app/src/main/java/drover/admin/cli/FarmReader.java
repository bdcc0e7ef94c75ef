package drover.admin.cli;

import drover.admin.stats.LatencyWindow;
import drover.admin.stats.RecordedRequest;
import drover.admin.stats.RegionReading;
import drover.admin.stats.Sample;
import drover.admin.stats.WorkerSample;
import drover.admin.stats.WorkerSample.Rates;
import drover.admin.supervision.FarmFile;
import drover.admin.supervision.FarmFile.Entry;
import drover.admin.supervision.FarmFile.SlotEntry;
import drover.admin.supervision.MasterView;
import drover.admin.supervision.RunDirectory;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.supervision.Wanted;
import drover.engine.stats.Region;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.SeatReading;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the farm from the files in its run directory and from its region, which needs no admin: which processes there are
 * the latest admin has written down, whether they live the kernel knows, and what they do stands in the region.
 */
final class FarmReader {

    /** A loop of a worker, and the master, turn several times a second however idle they are. */
    private static final double HUNG_AFTER_SECONDS = Duration.ofSeconds(3).toSeconds();

    private static final double NANOS_PER_SECOND = 1e9;

    private final RunDirectory directory;
    /** A mapping lasts as long as the process, so a region is mapped once. */
    private Optional<Mapped> mapped = Optional.empty();

    private final LatencyWindow latencies = new LatencyWindow();

    private record Mapped(Object fileKey, RegionReader reader) {}

    FarmReader(RunDirectory directory) {
        this.directory = directory;
    }

    /**
     * The farm at one moment, as admin's own samples show it but without rates.
     *
     * @param adminPid none if admin is down
     * @param masterHung whether the master lives and does not turn
     * @param inFlight what the workers are at, the oldest first
     */
    record Reading(Optional<Long> adminPid, boolean masterHung, Sample sample, List<RecordedRequest> inFlight) {

        boolean allUp() {
            return sample.master().state() == SlotState.UP
                    && !masterHung
                    && sample.workers().stream()
                            .allMatch(worker -> worker.slot().state() == SlotState.UP
                                    && !worker.slot().hung());
        }
    }

    static boolean isThere(RunDirectory directory) {
        return directory.holder().isPresent() || FarmFile.in(directory).isPresent();
    }

    /** What is there, or nothing if no farm runs or is started. */
    Optional<Reading> read() throws IOException {
        var farm = FarmFile.in(directory);
        return farm.isEmpty() || Files.notExists(directory.region())
                ? Optional.empty()
                : Optional.of(read(farm.get(), region(), directory.holder()));
    }

    private RegionReader region() throws IOException {
        var key = Files.readAttributes(directory.region(), BasicFileAttributes.class)
                .fileKey();
        if (mapped.filter(known -> known.fileKey().equals(key)).isEmpty()) {
            mapped = Optional.of(new Mapped(key, new RegionReader(Region.openToRead(directory.region()))));
        }
        return mapped.orElseThrow().reader();
    }

    private Reading read(FarmFile farm, RegionReader reader, Optional<Long> admin) {
        var region = RegionReading.of(reader);
        var master = farm.master().filter(Entry::isAlive);
        var workers = farm.slots().stream()
                .map(slot -> view(slot, region, admin.isPresent()))
                .filter(slot ->
                        slot.wanted() != Wanted.GONE || !slot.processes().isEmpty())
                .map(slot -> WorkerSample.of(slot, region, Rates.NONE))
                .toList();
        var masterView = new MasterView(
                master.isPresent() ? SlotState.UP : SlotState.VACANT,
                master.map(Entry::pid),
                master.map(entry -> Instant.ofEpochMilli(entry.startedAtMillis())),
                master.isPresent() ? farm.listen() : List.of());
        boolean masterHung =
                master.isPresent() && age(region.master().heartbeatNanos(), region.nanoTime()) > HUNG_AFTER_SECONDS;
        return new Reading(
                admin,
                masterHung,
                Sample.of(
                        Instant.now(),
                        masterView,
                        region.master().counts(),
                        farm.wantedWorkers(),
                        workers,
                        latencies.add(region.nanoTime(), region.vhosts())),
                inFlight(reader, workers));
    }

    private static List<RecordedRequest> inFlight(RegionReader reader, List<WorkerSample> workers) {
        long now = System.nanoTime();
        return workers.stream()
                .flatMap(worker -> RecordedRequest.of(reader, worker.slot(), now).stream())
                .filter(RecordedRequest::isInFlight)
                .sorted(Comparator.comparingDouble(RecordedRequest::ageSeconds).reversed())
                .toList();
    }

    private static SlotView view(SlotEntry slot, RegionReading region, boolean adminIsUp) {
        var living = slot.processes().stream()
                .filter(Entry::isAlive)
                .map(entry -> process(entry, region.seat(slot.slot(), entry.seat()), region.nanoTime()))
                .toList();
        return new SlotView(
                slot.slot(), slot.wanted(), state(slot, living, adminIsUp), living, slot.restarts(), slot.detail());
    }

    private static WorkerProcess process(Entry entry, SeatReading seat, long now) {
        boolean isItsOwn = seat.pid() == entry.pid();
        var state = isItsOwn ? state(seat.state(), entry.state()) : entry.state();
        boolean hung = isItsOwn
                && state == SlotState.UP
                && seat.heartbeatNanos().stream().anyMatch(beat -> age(beat, now) > HUNG_AFTER_SECONDS);
        return new WorkerProcess(
                entry.seat(),
                state,
                entry.generation(),
                entry.pid(),
                Instant.ofEpochMilli(entry.startedAtMillis()),
                hung);
    }

    /** What a process says itself is newer than what an admin wrote that may be gone. */
    private static SlotState state(SeatState says, SlotState written) {
        return switch (says) {
            case STARTING -> SlotState.STARTING;
            case READY -> written == SlotState.DRAINING ? written : SlotState.UP;
            case DRAINING, LEFT -> SlotState.DRAINING;
            case EMPTY -> written;
        };
    }

    private static SlotState state(SlotEntry slot, List<WorkerProcess> living, boolean adminIsUp) {
        if (living.isEmpty()) {
            return switch (slot.state()) {
                case STARTING, UP, DRAINING, VACANT -> SlotState.VACANT; // it has died since
                case BACKOFF, FAILED, STOPPED -> slot.state();
            };
        }
        return adminIsUp ? slot.state() : living.getFirst().state();
    }

    private static double age(long heartbeat, long now) {
        return heartbeat > 0 ? (now - heartbeat) / NANOS_PER_SECOND : 0;
    }
}
