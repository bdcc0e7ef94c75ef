package drover.engine.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * How many connections a loop may hold, so that the process never runs out of descriptors: each connection may need one
 * more for its file. Above 15/16 of them idle connections make room for new ones, oldest first.
 *
 * @param most no connection is taken beyond these
 * @param openFiles how many files the cache of the whole process may keep open
 */
public record Capacity(int most, int openFiles) {

    /** Lanes, logs, the selector, the JVM's own. */
    private static final int RESERVED = 64;

    private static final long MOST_OPEN_FILES = 1024;

    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+|unlimited)\\s");

    /** An equal share for each of the process's loops of what its RLIMIT_NOFILE allows; proc_pid_limits(5). */
    public static Capacity ofLoop(int loops) throws IOException {
        return ofLoop(loops, Files.readString(Path.of("/proc/self/limits")));
    }

    static Capacity ofLoop(int loops, String limits) throws IOException {
        var found = OPEN_FILES.matcher(limits);
        if (!found.find()) {
            throw new IOException("no limit of open files in /proc/self/limits");
        }
        long descriptors = found.group(1).equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(found.group(1));
        long openFiles = Math.min(MOST_OPEN_FILES, descriptors / 8);
        long share = (descriptors - RESERVED - openFiles) / 2 / loops;
        if (share < 16) {
            throw new IOException("the limit of " + descriptors + " open files is too low; raise it (ulimit -n)");
        }
        return new Capacity((int) Math.min(share, Integer.MAX_VALUE), (int) openFiles);
    }

    boolean isNearlyFull(int connections) {
        return connections > most - most / 16;
    }

    boolean isFull(int connections) {
        return connections > most;
    }
}
