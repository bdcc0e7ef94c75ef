package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Page;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The same build with and without counting by virtual host, histograms and flight recorder, in turns. */
public final class StatisticsCost implements Check {

    private static final int CONNECTIONS = 64;
    private static final double LEAST_RATIO = 0.97;

    @Override
    public String name() {
        return "statistics-cost";
    }

    @Override
    public String rows() {
        return "";
    }

    @Override
    public String promise() {
        return "Counting, timing and recording every request costs at most 3 % of the throughput";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var load = stage.directory().resolve("load");
        stage.run(List.of(
                "cc",
                "-O2",
                "-o",
                load.toString(),
                stage.home().resolve("bench/load.c").toString()));
        var list = Files.writeString(stage.directory().resolve("requests"), "/page.bin\n");
        var with = farm(stage, true);
        var without = farm(stage, false);
        measure(load, with, stage.size(20, 3), list);
        measure(load, without, stage.size(20, 3), list);

        var ratios = new ArrayList<Double>();
        for (int round = 0; round < stage.size(15, 3); round++) {
            // Whoever comes second finds another machine than whoever comes first, so they change places.
            boolean withFirst = round % 2 == 0;
            double first = measure(load, withFirst ? with : without, 2, list);
            double second = measure(load, withFirst ? without : with, 2, list);
            ratios.add(withFirst ? first / second : second / first);
            stage.say("%.0f and %.0f requests a second %s"
                    .formatted(withFirst ? first : second, withFirst ? second : first, "with and without"));
        }
        ratios.sort(null);
        findings.atLeast("requests a second with to without, median", ratios.get(ratios.size() / 2), LEAST_RATIO, "");
        findings.note("least and most", "%.3f, %.3f".formatted(ratios.getFirst(), ratios.getLast()));
    }

    /** Its workers and its master on the first processor; the load takes the last. */
    private static Farm farm(Stage stage, boolean requests) throws IOException, InterruptedException {
        var farm = stage.farm("--drover.statistics.requests=" + requests);
        Page.write(farm.sites(), "page.bin", 1024);
        for (long pid : farm.processesOfTheRoad()) {
            stage.run(List.of("taskset", "-acp", "0", Long.toString(pid)));
        }
        return farm;
    }

    /** Requests a second. */
    private static double measure(Path load, Farm farm, int seconds, Path list)
            throws IOException, InterruptedException {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        var process = new ProcessBuilder(
                        "taskset",
                        "-c",
                        Integer.toString(last),
                        load.toString(),
                        Integer.toString(farm.address().getPort()),
                        Integer.toString(CONNECTIONS),
                        Integer.toString(seconds),
                        "1",
                        list.toString())
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
