package drover.engine.log;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes log lines: a verb in the past, then {@code key=value} pairs. Safe from any thread. */
public final class Log {

    private static final PrintStream OUT = System.err;

    private Log() {}

    public static void info(String event) {
        line("INFO", event);
    }

    public static void warn(String event) {
        line("WARN", event);
    }

    public static void error(String event) {
        line("ERROR", event);
    }

    /** The event, and the trace of what broke. */
    public static void error(String event, Throwable failure) {
        line("ERROR", event + " failure=" + failure);
        failure.printStackTrace(OUT);
    }

    private static void line(String level, String event) {
        OUT.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + event);
    }
}
