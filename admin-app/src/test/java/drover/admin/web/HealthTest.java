package drover.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.stats.Connections;
import drover.admin.stats.Latency;
import drover.admin.stats.ProcessUse;
import drover.admin.stats.Sample;
import drover.admin.stats.WorkerSample;
import drover.admin.stats.WorkerSample.Rates;
import drover.admin.supervision.MasterView;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.supervision.Wanted;
import drover.admin.web.Health.State;
import drover.engine.stats.RegionReader.Counts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void all_up_is_ok() {
        assertThat(Health.of(farm(SlotState.UP, SlotState.UP))).isEqualTo(new Health(State.OK, "Both workers are up."));
        assertThat(Health.of(farm(SlotState.UP))).isEqualTo(new Health(State.OK, "The worker is up."));
        assertThat(Health.of(farm(SlotState.UP, SlotState.UP, SlotState.UP)))
                .isEqualTo(new Health(State.OK, "All 3 workers are up."));
    }

    @Test
    void a_worker_that_is_away_is_named() {
        assertThat(Health.of(farm(SlotState.UP, SlotState.BACKOFF)))
                .isEqualTo(new Health(
                        State.DEGRADED, "1 of 2 workers is up; worker 2 is about to be started again after a crash."));
    }

    @Test
    void no_worker_means_down() {
        assertThat(Health.of(farm(SlotState.FAILED, SlotState.FAILED)))
                .isEqualTo(new Health(State.DOWN, "No worker is up; worker 1 is failed."));
    }

    @Test
    void no_master_means_down_whatever_the_workers_do() {
        assertThat(Health.of(farm(
                                new MasterView(SlotState.BACKOFF, Optional.empty(), Optional.empty(), List.of()),
                                SlotState.UP))
                        .state())
                .isEqualTo(State.DOWN);
    }

    @Test
    void a_worker_that_serves_while_its_successor_starts_is_up() {
        var restarting = new SlotView(
                1,
                Wanted.UP,
                SlotState.STARTING,
                List.of(process(SlotState.UP), process(SlotState.STARTING)),
                Map.of(),
                "");

        assertThat(Health.of(farm(up(), List.of(restarting)))).isEqualTo(new Health(State.OK, "The worker is up."));
    }

    @Test
    void a_worker_that_hangs_does_not_serve() {
        var hung = new SlotView(
                1,
                Wanted.UP,
                SlotState.UP,
                List.of(new WorkerProcess(0, SlotState.UP, 1, 2, Instant.EPOCH, true)),
                Map.of(),
                "");

        assertThat(Health.of(farm(up(), List.of(hung, slot(2, SlotState.UP)))))
                .isEqualTo(new Health(State.DEGRADED, "1 of 2 workers is up; worker 1 is hung."));
    }

    private static Sample farm(SlotState... workers) {
        return farm(up(), workers);
    }

    private static Sample farm(MasterView master, SlotState... workers) {
        return farm(
                master,
                IntStream.range(0, workers.length)
                        .mapToObj(index -> slot(index + 1, workers[index]))
                        .toList());
    }

    private static Sample farm(MasterView master, List<SlotView> slots) {
        var none = new Connections(0, 0, 0);
        return new Sample(
                Instant.EPOCH,
                master,
                Counts.zero(),
                slots.size(),
                slots.stream()
                        .map(slot -> new WorkerSample(
                                slot, Counts.zero(), none, Optional.empty(), ProcessUse.NONE, Rates.NONE))
                        .toList(),
                none,
                0,
                Latency.NONE,
                List.of());
    }

    private static MasterView up() {
        return new MasterView(SlotState.UP, Optional.of(1L), Optional.of(Instant.EPOCH), List.of("127.0.0.1:80"));
    }

    private static SlotView slot(int number, SlotState state) {
        var living = state == SlotState.UP ? List.of(process(state)) : List.<WorkerProcess>of();
        return new SlotView(number, Wanted.UP, state, living, Map.of(), "");
    }

    private static WorkerProcess process(SlotState state) {
        return new WorkerProcess(0, state, 1, 2, Instant.EPOCH, false);
    }
}
