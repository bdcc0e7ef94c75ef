package drover.admin.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Processes of a farm that its file does not name: admin was killed after it had started them and before it wrote so. They are
 * known by their command line, which names the run directory; only our own user's are looked at, for only he may read it.
 */
final class Strays {

    private Strays() {}

    /** The farm with every stray in its place. */
    static FarmFile gathered(FarmFile farm, RunDirectory directory) {
        var master = farm.master().filter(FarmFile.Entry::isAlive);
        var slots = new ArrayList<>(farm.slots());
        for (var process : ProcessHandle.allProcesses().toList()) {
            var command = commandLine(process.pid());
            if (isMaster(command, directory) && master.isEmpty()) {
                master = entry(process.pid(), 0, 0, 0);
            } else if (isWorker(command, directory)) {
                for (int i = 0; i < slots.size(); i++) {
                    slots.set(i, gathered(slots.get(i), process.pid(), command));
                }
            }
        }
        return new FarmFile(
                farm.listen(),
                farm.loops(),
                farm.configuredWorkers(),
                farm.wantedWorkers(),
                farm.generation(),
                master.isPresent() ? master : farm.master(),
                slots,
                farm.operations(),
                farm.endedOperations());
    }

    private static FarmFile.SlotEntry gathered(FarmFile.SlotEntry slot, long pid, List<String> command) {
        boolean here = number(command, "--slot").equals(OptionalInt.of(slot.slot()));
        boolean known = slot.processes().stream().anyMatch(process -> process.pid() == pid && process.isAlive());
        var seat = number(command, "--seat");
        if (!here || known || seat.isEmpty()) {
            return slot;
        }
        int generation = value(command, "--config")
                .map(config -> RunDirectory.generation(Path.of(config)))
                .orElse(0);
        return entry(pid, seat.getAsInt(), slot.wantedEdition(), generation)
                .map(slot::with)
                .orElse(slot);
    }

    /** What it has come to since, its seat in the region will tell. */
    private static Optional<FarmFile.Entry> entry(long pid, int seat, int edition, int generation) {
        return ProcessIdentity.of(pid)
                .map(identity -> new FarmFile.Entry(
                        seat,
                        SlotState.STARTING,
                        edition,
                        generation,
                        pid,
                        identity.startTicks(),
                        System.currentTimeMillis()));
    }

    private static boolean isMaster(List<String> command, RunDirectory directory) {
        return command.stream().anyMatch(word -> word.endsWith("/drover-master"))
                && value(command, "--run-directory")
                        .equals(Optional.of(directory.path().toString()));
    }

    private static boolean isWorker(List<String> command, RunDirectory directory) {
        return value(command, "--config")
                .filter(config -> directory.path().equals(Path.of(config).getParent()))
                .isPresent();
    }

    private static OptionalInt number(List<String> command, String option) {
        return value(command, option)
                .filter(text -> text.matches("\\d{1,2}"))
                .map(text -> OptionalInt.of(Integer.parseInt(text)))
                .orElse(OptionalInt.empty());
    }

    private static Optional<String> value(List<String> command, String option) {
        int at = command.indexOf(option);
        return at >= 0 && at + 1 < command.size() ? Optional.of(command.get(at + 1)) : Optional.empty();
    }

    private static List<String> commandLine(long pid) {
        try {
            var line = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
            return Stream.of(line.split("\0", -1)).toList();
        } catch (IOException gone) {
            return List.of();
        }
    }
}
