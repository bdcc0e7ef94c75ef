package drover.admin.cli;

import drover.admin.shared.OsSignal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A terminal that is drawn upon whole, by the escape sequences that every terminal since the VT100 knows, and that gives each
 * key at once. {@code stty} changes it and changes it back, also on Ctrl+C. One thread.
 */
@SuppressWarnings("SystemOut")
final class Terminal implements AutoCloseable {

    private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
    private static final String FIRST_SCREEN = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K\r\n";
    private static final String END_OF_SCREEN = "\u001b[J";
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");
    private static final long KEY_MILLIS = 50;
    private static final int NORMAL_ROWS = 24;
    private static final int NORMAL_COLUMNS = 80;

    private final String settings;
    private final Thread restoring;
    private final PrintStream screen = System.out;
    private final InputStream keys = System.in;
    private volatile boolean resized = true;
    private int rows = NORMAL_ROWS;
    private int columns = NORMAL_COLUMNS;

    private Terminal(String settings) {
        this.settings = settings;
        this.restoring = new Thread(this::restore, "terminal");
    }

    static boolean isThere() {
        return Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
    }

    static Terminal open() throws IOException {
        var terminal = new Terminal(stty("-g"));
        Runtime.getRuntime().addShutdownHook(terminal.restoring);
        OsSignal.on("WINCH", () -> terminal.resized = true);
        stty("-icanon", "-echo", "min", "0", "time", "0");
        terminal.screen.print(OTHER_SCREEN);
        return terminal;
    }

    /** What fits of these lines. */
    void show(List<String> lines) throws IOException {
        if (resized) {
            resized = false;
            measure();
        }
        var frame = new StringBuilder(HOME);
        lines.stream()
                .limit(rows - 1L)
                .map(line -> line.substring(0, Math.min(line.length(), columns)))
                .forEach(line -> frame.append(line).append(END_OF_LINE));
        screen.print(frame.append(END_OF_SCREEN));
        screen.flush();
    }

    private void measure() throws IOException {
        var size = stty("size");
        var numbers = SIZE.matcher(size);
        if (numbers.matches()) {
            rows = Integer.parseInt(numbers.group(1));
            columns = Integer.parseInt(numbers.group(2));
        }
    }

    /** Waits so long for a q; returns early if the window changes. */
    boolean isQuitWithin(Duration wait) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() - deadline < 0 && !resized) {
            while (keys.available() > 0) {
                int key = keys.read();
                if (key == 'q' || key == 'Q') {
                    return true;
                }
            }
            TimeUnit.MILLISECONDS.sleep(KEY_MILLIS);
        }
        return false;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(restoring);
        restore();
    }

    private void restore() {
        screen.print(FIRST_SCREEN);
        screen.flush();
        try {
            stty(settings);
        } catch (IOException failure) {
            System.err.println("drover: the terminal may need a reset: " + failure.getMessage());
        }
    }

    private static String stty(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("stty: " + said);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("stty was interrupted");
        }
        return said;
    }
}
