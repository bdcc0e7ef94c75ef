package drover.verify.checks;

import drover.verify.Stage;
import drover.verify.client.Page;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The benchmark's load: 64 connections that stay and ask for one small page, from the last processor. */
final class KeepAliveLoad {

    private static final int CONNECTIONS = 64;
    private static final String PAGE = "page.bin";
    private static final int PAGE_BYTES = 1024;

    private static final int LAST_PROCESSOR = Runtime.getRuntime().availableProcessors() - 1;

    private final Path program;
    private final Path requests;

    private KeepAliveLoad(Path program, Path requests) {
        this.program = program;
        this.requests = requests;
    }

    static KeepAliveLoad compile(Stage stage) throws IOException, InterruptedException {
        var program = stage.directory().resolve("load");
        stage.run(List.of(
                "cc",
                "-O2",
                "-o",
                program.toString(),
                stage.home().resolve("bench/load.c").toString()));
        var requests = stage.directory().resolve("requests");
        return new KeepAliveLoad(program, Files.writeString(requests, "/" + PAGE + "\n"));
    }

    /** Binds processes to the first processor, where the load is not. */
    static void bindApart(Stage stage, List<Long> pids) throws IOException, InterruptedException {
        for (long pid : pids) {
            stage.run(List.of("taskset", "-acp", "0", Long.toString(pid)));
        }
    }

    /** The command that runs a program on the processor that the load is on. */
    static List<String> beside(List<String> program) {
        return Stream.concat(Stream.of("taskset", "-c", Integer.toString(LAST_PROCESSOR)), program.stream())
                .toList();
    }

    /** Writes the page that is asked for. */
    static void writePage(Farm farm) throws IOException {
        Page.write(farm.sites(), PAGE, PAGE_BYTES);
    }

    /** Requests a second, over so many. */
    double perSecond(Farm farm, int seconds) throws IOException, InterruptedException {
        var process = new ProcessBuilder(beside(List.of(
                        program.toString(),
                        Integer.toString(farm.address().getPort()),
                        Integer.toString(CONNECTIONS),
                        Integer.toString(seconds),
                        "1",
                        requests.toString())))
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip()
                .split(" ", -1);
        if (process.waitFor() != 0 || said.length != 5 || !said[3].equals("0")) {
            throw new IOException("the load said \"" + String.join(" ", said) + "\"");
        }
        return Double.parseDouble(said[1]) / Double.parseDouble(said[2]);
    }
}
