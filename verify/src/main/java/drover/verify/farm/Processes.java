package drover.verify.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Processes as /proc shows them. One that is gone has no memory, no descriptors and no processor time. */
public final class Processes {

    private static final Pattern PSS = Pattern.compile("^Pss:\\s+(\\d+) kB$", Pattern.MULTILINE);
    private static final double TICKS_PER_SECOND = 100;

    private Processes() {}

    /** Living ones whose command line mentions {@code part}, by pid, with their arguments. */
    static Map<Long, List<String>> withArgument(String part) {
        var found = new TreeMap<Long, List<String>>();
        ProcessHandle.allProcesses().map(ProcessHandle::pid).forEach(pid -> {
            var line = read(pid, "cmdline").orElse("");
            if (line.contains(part)) {
                found.put(pid, Arrays.asList(line.split("\0", -1)));
            }
        });
        return found;
    }

    /** Proportional memory of all of them: pages they share are counted once. */
    public static long memoryBytes(Collection<Long> pids) {
        return pids.stream().mapToLong(Processes::memoryBytes).sum();
    }

    private static long memoryBytes(long pid) {
        var pss = PSS.matcher(read(pid, "smaps_rollup").orElse(""));
        return pss.find() ? Long.parseLong(pss.group(1)) * 1024 : 0;
    }

    /** Processor time of all of them so far, theirs and the kernel's for them. */
    public static double processorSeconds(Collection<Long> pids) {
        return pids.stream().mapToDouble(Processes::processorSeconds).sum();
    }

    private static double processorSeconds(long pid) {
        var stat = read(pid, "stat").orElse("");
        if (stat.isEmpty()) {
            return 0;
        }
        // The name, in parentheses, may hold anything: fields are counted from behind it.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** How many descriptors it has open. */
    public static int descriptors(long pid) {
        var names = Path.of("/proc/" + pid + "/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    public static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    public static void signal(long pid, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("cannot send " + name + " to process " + pid + ": kill ended with " + code);
        }
    }

    private static Optional<String> read(long pid, String file) {
        try {
            return Optional.of(Files.readString(Path.of("/proc/" + pid + "/" + file)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
