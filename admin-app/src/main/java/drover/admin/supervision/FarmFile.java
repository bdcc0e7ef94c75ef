package drover.admin.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What admin must know of the farm to take it over after its own death: which processes there are and where they sit, what
 * is wanted of each slot, which operations run. Kept as {@code farm.json} in the run directory, because after a reboot none
 * of it is true.
 *
 * @param listen and {@code loops}: what the running master was started with
 * @param configuredWorkers what the configuration said when this was written
 * @param wantedWorkers what is wanted since, by command
 * @param generation of the configuration and the worker that run
 * @param slots one for each slot that was ever wanted
 * @param operations those that run, and the latest that have ended
 * @param endedOperations how many have ended at all
 */
public record FarmFile(
        List<String> listen,
        int loops,
        int configuredWorkers,
        int wantedWorkers,
        int generation,
        Optional<Entry> master,
        List<SlotEntry> slots,
        List<Operation> operations,
        List<OperationCount> endedOperations) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public FarmFile {
        slots = List.copyOf(slots);
        operations = List.copyOf(operations);
        endedOperations = List.copyOf(endedOperations);
    }

    /** One process; seat, edition and generation of the master are 0. */
    public record Entry(
            int seat, SlotState state, int edition, int generation, long pid, long startTicks, long startedAtMillis) {

        public Entry {
            Objects.requireNonNull(state);
        }

        ProcessIdentity identity() {
            return new ProcessIdentity(pid, startTicks);
        }

        /** Whether exactly this process lives. */
        public boolean isAlive() {
            return identity().isAlive();
        }

        /** Asks it to end, if it still is that process. */
        public void terminate() {
            identity().terminate();
        }

        /** Ends it, if it still is that process. */
        public void kill() {
            identity().kill();
        }
    }

    /** A slot: what is wanted, what lives there (the one that serves first), and how often one was replaced, by reason. */
    public record SlotEntry(
            int slot,
            Wanted wanted,
            int wantedEdition,
            SlotState state,
            String detail,
            List<Entry> processes,
            Map<String, Long> restarts) {

        public SlotEntry {
            Objects.requireNonNull(wanted);
            Objects.requireNonNull(state);
            Objects.requireNonNull(detail);
            processes = List.copyOf(processes);
        }

        boolean lives() {
            return processes.stream().anyMatch(Entry::isAlive);
        }

        /** With one more process, that was found. */
        SlotEntry with(Entry found) {
            var all = new java.util.ArrayList<>(processes);
            all.add(found);
            return new SlotEntry(slot, wanted, wantedEdition, state, detail, all, restarts);
        }
    }

    boolean lives() {
        return master.filter(Entry::isAlive).isPresent() || slots.stream().anyMatch(SlotEntry::lives);
    }

    void write(Path file) throws IOException {
        RunDirectory.replace(file, JSON.writeValueAsString(this));
    }

    /** What was written there, if it can be read: a file that is damaged is as good as none. */
    static Optional<FarmFile> read(Path file) {
        try {
            return Files.exists(file)
                    ? Optional.of(JSON.readValue(Files.readString(file), FarmFile.class))
                    : Optional.empty();
        } catch (IOException | JacksonException damaged) {
            return Optional.empty();
        }
    }

    /** The farm in a run directory, running or not. */
    public static Optional<FarmFile> in(RunDirectory directory) {
        return read(directory.farmFile());
    }
}
