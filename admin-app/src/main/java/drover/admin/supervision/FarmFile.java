package drover.admin.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What admin must know of the farm to take it over after its own death: which processes there are and where they sit. Kept
 * as {@code farm.json} in the run directory, because after a reboot none of it is true.
 *
 * @param listen and {@code loops}: what the running master was started with
 * @param slots one for each slot that was ever wanted
 */
public record FarmFile(List<String> listen, int loops, Optional<Entry> master, List<SlotEntry> slots) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One process; the seat of the master is 0. */
    public record Entry(int seat, SlotState state, long pid, long startTicks, long startedAtMillis) {

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

    /** A slot's processes, the one that serves first, and how often one was replaced, by reason. */
    public record SlotEntry(int slot, List<Entry> processes, Map<String, Long> restarts) {}

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
