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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The same farm with and without as many onlookers as may be, in turns, while a load takes all that it gives. What they cost
 * is looked at twice: by the processor time that admin takes more, which is steady and cannot hide in noise, and by the
 * throughput, which two rounds on a shared machine show 10 % apart whatever admin does, so that its error is told beside it.
 */
public final class Dashboards implements Check {

    private static final double LEAST_RATIO = 0.97;
    /** A throughput that is below the limit by more than so many standard errors is below it. */
    private static final double ERRORS = 2;

    /** Until then a good part of what admin takes is its compiler's. */
    private static final int WARM_UP_SECONDS = 30;

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

    /** The same, the part the onlookers took, what they got each second, and how many of them got it no more. */
    private record Watched(Alone farm, double onlookers, double scrapes, double fewestSnapshots, long broken) {}

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int seconds = stage.size(5, 3);
        var load = KeepAliveLoad.compile(stage);
        // To compress a log takes a second of a processor, in whose round it happens to be.
        var farm = stage.farm("--drover.access-log-rotate-size=0");
        KeepAliveLoad.writePage(farm);
        var onlookers = Onlookers.compile(stage);
        var operator = Operator.of(farm);

        watched(load, farm, onlookers, operator, WARM_UP_SECONDS);
        long heap = LiveHeap.bytes(farm.admin());
        var with = new ArrayList<Watched>();
        var without = new ArrayList<Alone>();
        for (int round = 0; round < stage.size(41, 5); round++) {
            // Whoever comes second finds another machine than whoever comes first, so they change places.
            boolean withFirst = round % 2 == 0;
            if (!withFirst) {
                without.add(alone(load, farm, seconds));
            }
            with.add(watched(load, farm, onlookers, operator, seconds));
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
        judgeThroughput(ratios(with, without), stage.size(3, 10) / 100.0, findings);
        double growth = (LiveHeap.bytes(farm.admin()) - heap) / MIB;
        findings.atMost("admin's live heap, more than before", growth, MOST_GROWTH_MIB, "MiB");
        findings.note("admin's live heap before", "%.1f MiB".formatted(heap / MIB));
    }

    private static Alone alone(KeepAliveLoad load, Farm farm, int seconds) throws IOException, InterruptedException {
        var admin = List.of(farm.admin());
        double before = Processes.processorSeconds(admin);
        double requests = load.perSecond(farm, seconds);
        return new Alone(requests, (Processes.processorSeconds(admin) - before) / seconds);
    }

    private static Watched watched(KeepAliveLoad load, Farm farm, Path program, Operator operator, int seconds)
            throws IOException, InterruptedException {
        try (var onlookers = Onlookers.come(program, farm, operator)) {
            var before = onlookers.seen();
            double taken = onlookers.processorSeconds();
            var measured = alone(load, farm, seconds);
            var after = onlookers.seen();
            return new Watched(
                    measured,
                    (onlookers.processorSeconds() - taken) / seconds,
                    (double) (after.scrapes() - before.scrapes()) / seconds,
                    (double) (after.fewestSnapshots() - before.fewestSnapshots()) / seconds,
                    after.broken());
        } finally {
            Deadline.within(TO_BE_LET_GO).pass();
        }
    }

    private static void judge(List<Watched> with, List<Alone> without, Findings findings) {
        int processors = Runtime.getRuntime().availableProcessors();
        double admins = with.stream()
                .mapToDouble(round -> round.farm().admin())
                .average()
                .orElse(0);
        double alone = without.stream().mapToDouble(Alone::admin).average().orElse(0);
        findings.atMost(
                "of %d processors, taken by admin for them".formatted(processors),
                (admins - alone) / processors * 100,
                (1 - LEAST_RATIO) * 100,
                "%");
        findings.note(
                "admin's processor with and without", "%.1f and %.1f %% of one".formatted(admins * 100, alone * 100));
        findings.note(
                "the onlookers' own",
                "%.1f %% of one"
                        .formatted(with.stream()
                                        .mapToDouble(Watched::onlookers)
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

    private static double[] ratios(List<Watched> with, List<Alone> without) {
        return IntStream.range(0, with.size())
                .mapToDouble(round ->
                        with.get(round).farm().requests() / without.get(round).requests())
                .sorted()
                .toArray();
    }

    /** A machine that is too noisy shows nothing, so it may not pass. */
    private static void judgeThroughput(double[] ratios, double mostError, Findings findings) {
        double mean = Math.exp(Arrays.stream(ratios).map(Math::log).average().orElse(0));
        double variance =
                Arrays.stream(ratios).map(ratio -> Math.pow(ratio - mean, 2)).sum() / (ratios.length - 1);
        double error = Math.sqrt(variance / ratios.length);
        findings.note(
                "requests a second with to without",
                "mean %.3f ± %.3f, median %.3f, %.3f to %.3f"
                        .formatted(mean, error, ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]));
        findings.atMost("its standard error", error, mostError, "");
        findings.atLeast(
                "requests a second with to without, and twice its standard error",
                mean + ERRORS * error,
                LEAST_RATIO,
                "");
    }
}
