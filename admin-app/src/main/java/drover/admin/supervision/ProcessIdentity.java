package drover.admin.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process is meant: a pid is used again, a pid with its start time is not. Nothing is ever signalled without a look
 * at both.
 *
 * @param startTicks clock ticks from boot to its start, field 22 of {@code /proc/PID/stat}, proc_pid_stat(5)
 */
record ProcessIdentity(long pid, long startTicks) {

    private static final int FIELDS_BEFORE_STATE = 2;
    private static final int START_TICKS = 22;

    /** The process that has a pid now, unless it is gone or a zombie. */
    static Optional<ProcessIdentity> of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is a name in parentheses, which may hold anything: count from its end.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return Optional.empty();
            }
            return Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TICKS - FIELDS_BEFORE_STATE - 1])));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    void kill() {
        Signals.kill(this);
    }

    void terminate() {
        Signals.terminate(this);
    }

    /** Whether its command line names a word, so that a state file that was tampered with adopts nothing foreign. */
    boolean commandNames(String word) {
        try {
            return isAlive()
                    && Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(word);
        } catch (IOException gone) {
            return false;
        }
    }
}
