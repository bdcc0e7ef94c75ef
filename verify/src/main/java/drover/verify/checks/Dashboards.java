package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.LiveHeap;
import drover.verify.farm.Operator;
import drover.verify.farm.Processes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The same farm with and without as many onlookers as may be, in turns. All of it, admin too, has one processor, so that
 * whatever admin takes is taken from the workers; the load and the onlookers, who would be elsewhere, have the last.
 */
public final class Dashboards implements Check {

    private static final double LEAST_RATIO = 0.97;
    /** Of what they should get: a second may end just before something comes. */
    private static final double LEAST_LOOKS = 0.9;

    private static final double MOST_GROWTH_MIB = 8;
    private static final double MIB = 1 << 20;

    /** Admin lets go of a dashboard when it next has something to send to it, which is within a second. */
    private static final Duration TO_BE_LET_GO = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "dashboards";
    }

    @Override
    public String rows() {
        return "";
    }

    @Override
    public String promise() {
        return "50 open dashboards and 20 scrapes a second cost at most 3 % of the throughput, and admin does not grow";
    }

    /** Requests a second, and the part of a processor that admin took meanwhile. */
    private record Alone(double requests, double admin) {}

    /** The same, what the onlookers got each second, and how many of them got it no more. */
    private record Watched(Alone farm, double scrapes, double fewestSnapshots, long broken) {}

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int seconds = stage.size(10, 3);
        var load = KeepAliveLoad.compile(stage);
        var farm = stage.farm();
        KeepAliveLoad.writePage(farm);
        var operator = Operator.of(farm);
        var ourselves = List.of(ProcessHandle.current().pid());
        stage.own(() -> KeepAliveLoad.unbind(stage, ourselves));
        KeepAliveLoad.bindBeside(stage, ourselves);
        KeepAliveLoad.bindApart(stage, farm.processes());

        watched(load, farm, operator, stage.size(20, 3));
        long heap = LiveHeap.bytes(farm.admin());
        var with = new ArrayList<Watched>();
        var without = new ArrayList<Alone>();
        for (int round = 0; round < stage.size(7, 3); round++) {
            // Whoever comes second finds another machine than whoever comes first, so they change places.
            boolean withFirst = round % 2 == 0;
            if (!withFirst) {
                without.add(alone(load, farm, seconds));
            }
            with.add(watched(load, farm, operator, seconds));
            if (withFirst) {
                without.add(alone(load, farm, seconds));
            }
            stage.say("%.0f and %.0f requests a second with and without, admin takes %.1f and %.1f %%"
                    .formatted(
                            with.getLast().farm().requests(),
                            without.getLast().requests(),
                            with.getLast().farm().admin() * 100,
                            without.getLast().admin() * 100));
        }
        judge(with, without, findings);
        double growth = (LiveHeap.bytes(farm.admin()) - heap) / MIB;
        findings.atMost("admin's live heap, more than before", growth, MOST_GROWTH_MIB, "MiB");
        findings.note("admin's live heap before", "%.1f MiB".formatted(heap / MIB));
    }

    private static Alone alone(KeepAliveLoad load, Farm farm, int seconds) throws IOException, InterruptedException {
        double before = Processes.processorSeconds(List.of(farm.admin()));
        double requests = load.perSecond(farm, seconds);
        return new Alone(requests, (Processes.processorSeconds(List.of(farm.admin())) - before) / seconds);
    }

    private static Watched watched(KeepAliveLoad load, Farm farm, Operator operator, int seconds)
            throws IOException, InterruptedException {
        try (var onlookers = Onlookers.come(farm, operator)) {
            var before = onlookers.seen();
            var measured = alone(load, farm, seconds);
            var after = onlookers.seen();
            return new Watched(
                    measured,
                    (double) (after.scrapes() - before.scrapes()) / seconds,
                    (double) (after.fewestSnapshots() - before.fewestSnapshots()) / seconds,
                    onlookers.broken());
        } finally {
            Deadline.within(TO_BE_LET_GO).pass();
        }
    }

    private static void judge(List<Watched> with, List<Alone> without, Findings findings) {
        var ratios = IntStream.range(0, with.size())
                .mapToObj(round ->
                        with.get(round).farm().requests() / without.get(round).requests())
                .sorted()
                .toList();
        findings.atLeast("requests a second with to without, median", ratios.get(ratios.size() / 2), LEAST_RATIO, "");
        findings.note("least and most", "%.3f, %.3f".formatted(ratios.getFirst(), ratios.getLast()));
        findings.note(
                "admin's processor with and without",
                "%.1f and %.1f %% of one"
                        .formatted(
                                with.stream()
                                                .mapToDouble(
                                                        round -> round.farm().admin())
                                                .average()
                                                .orElse(0)
                                        * 100,
                                without.stream()
                                                .mapToDouble(Alone::admin)
                                                .average()
                                                .orElse(0)
                                        * 100));
        findings.atLeast(
                "scrapes a second, the fewest",
                with.stream().mapToDouble(Watched::scrapes).min().orElse(0),
                LEAST_LOOKS * Onlookers.SCRAPES_PER_SECOND,
                "");
        findings.atLeast(
                "snapshots a second that a dashboard got, the fewest",
                with.stream().mapToDouble(Watched::fewestSnapshots).min().orElse(0),
                LEAST_LOOKS,
                "");
        findings.exactly(
                "dashboards and scrapes that broke off",
                with.stream().mapToLong(Watched::broken).sum(),
                0);
    }
}
