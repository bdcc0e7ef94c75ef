package drover.admin.crashes;

import java.util.Map;
import java.util.Optional;

/** What a signal is called; signal(7), the numbers of x86 and ARM. */
final class SignalName {

    /** A process that a signal has ended is said to have exited with this and the signal's number. */
    private static final int SIGNALED = 128;

    private static final int LAST = 64;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    private SignalName() {}

    /** The signal that an exit code stands for, if it stands for one. */
    static Optional<String> of(int exitCode) {
        int number = exitCode - SIGNALED;
        return number >= 1 && number <= LAST
                ? Optional.of(NAMES.getOrDefault(number, "signal " + number))
                : Optional.empty();
    }
}
