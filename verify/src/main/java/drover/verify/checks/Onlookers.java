package drover.verify.checks;

import drover.verify.Stage;
import drover.verify.farm.Farm;
import drover.verify.farm.Operator;
import drover.verify.farm.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As many dashboards as may be open, each of which reads its stream as it comes, and a Prometheus in a hurry. A C program of
 * its own on the load's processor: this process would take more for itself than admin does for them.
 */
final class Onlookers implements AutoCloseable {

    static final int DASHBOARDS = 50;
    static final int SCRAPES_PER_SECOND = 20;

    private static final int SECONDS_TO_GO = 5;

    private final Process process;
    private final BufferedReader says;

    private Onlookers(Process process) {
        this.process = process;
        this.says = process.inputReader(StandardCharsets.US_ASCII);
    }

    static Path compile(Stage stage) throws IOException, InterruptedException {
        var program = stage.directory().resolve("onlookers");
        stage.run(List.of(
                "cc",
                "-O2",
                "-std=c17",
                "-o",
                program.toString(),
                stage.home().resolve("verify/src/main/c/onlookers.c").toString()));
        return program;
    }

    /** All of them, once each dashboard is open. */
    static Onlookers come(Path program, Farm farm, Operator operator) throws IOException {
        var command = KeepAliveLoad.beside(List.of(
                program.toString(),
                Integer.toString(farm.dashboard().getPort()),
                Integer.toString(DASHBOARDS),
                Integer.toString(farm.metricsAddress().getPort()),
                Integer.toString(SCRAPES_PER_SECOND)));
        var onlookers = new Onlookers(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
        try {
            onlookers.say(operator.cookie());
            onlookers.hear("open");
            return onlookers;
        } catch (IOException failed) {
            onlookers.close();
            throw failed;
        }
    }

    /**
     * What they have seen so far: scrapes, snapshots of the dashboard that got the fewest, and streams that have ended and
     * scrapes that failed.
     */
    record Seen(long scrapes, long fewestSnapshots, long broken) {}

    Seen seen() throws IOException {
        say("");
        var numbers = hear("\\d+ \\d+ \\d+").split(" ", -1);
        return new Seen(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
    }

    /** Seconds of a processor that they have taken for themselves. */
    double processorSeconds() throws IOException {
        return Processes.processorSeconds(List.of(process.pid()));
    }

    private void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    private String hear(String pattern) throws IOException {
        var line = says.readLine();
        if (line == null || !line.matches(pattern)) {
            throw new IOException("the onlookers said \"" + line + "\"");
        }
        return line;
    }

    /** They go, and are gone. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(SECONDS_TO_GO, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
