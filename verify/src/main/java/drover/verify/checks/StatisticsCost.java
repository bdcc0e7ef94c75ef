package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.util.ArrayList;

/** The same build with and without counting by virtual host, histograms and flight recorder, in turns. */
public final class StatisticsCost implements Check {

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
        var load = KeepAliveLoad.compile(stage);
        var with = farm(stage, true);
        var without = farm(stage, false);
        load.perSecond(with, stage.size(20, 3));
        load.perSecond(without, stage.size(20, 3));

        var ratios = new ArrayList<Double>();
        for (int round = 0; round < stage.size(15, 3); round++) {
            // Whoever comes second finds another machine than whoever comes first, so they change places.
            boolean withFirst = round % 2 == 0;
            double first = load.perSecond(withFirst ? with : without, 2);
            double second = load.perSecond(withFirst ? without : with, 2);
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
        var farm = stage.farm("--drover.statistics.requests=" + requests, "--drover.access-log-rotate-size=0");
        KeepAliveLoad.writePage(farm);
        KeepAliveLoad.bindApart(stage, farm.processesOfTheRoad());
        return farm;
    }
}
