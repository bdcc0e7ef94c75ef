package drover.admin.stats;

import drover.admin.supervision.SlotView.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the living processes of a slot take of the machine, as the kernel tells it: also of one that hangs.
 *
 * @param processorTimes by pid, since each was started
 * @param residentBytes memory of all of them
 */
public record ProcessUse(Map<Long, Duration> processorTimes, long residentBytes) {

    /** Without a process. */
    public static final ProcessUse NONE = new ProcessUse(Map.of(), 0);

    /** In the file statm it is counted in pages, whose size Java does not know. */
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d{1,15}) kB$", Pattern.MULTILINE);

    private static final long KIB = 1024;

    public ProcessUse {
        processorTimes = Map.copyOf(processorTimes);
    }

    /** What these take now. */
    public static ProcessUse of(List<WorkerProcess> living) {
        var times = new HashMap<Long, Duration>();
        living.forEach(process -> ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .ifPresent(time -> times.put(process.pid(), time)));
        return new ProcessUse(
                times,
                living.stream()
                        .flatMap(process -> residentBytes(process.pid()).stream())
                        .mapToLong(Long::longValue)
                        .sum());
    }

    /** None if the process is gone. */
    private static Optional<Long> residentBytes(long pid) {
        try {
            var line = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            return line.find() ? Optional.of(Long.parseLong(line.group(1)) * KIB) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** How many processors were kept busy since {@code earlier}, by processes that lived then too. */
    public double processorsSince(ProcessUse earlier, long nanos) {
        var busy = processorTimes.entrySet().stream()
                .map(now -> now.getValue().minus(earlier.processorTimes.getOrDefault(now.getKey(), now.getValue())))
                .reduce(Duration.ZERO, Duration::plus);
        return nanos > 0 ? Math.max(0.0, (double) busy.toNanos() / nanos) : 0;
    }
}
