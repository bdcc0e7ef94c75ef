package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import drover.admin.events.Event;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.RegionReader.SeatReading;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slot with real processes that do nothing; what they say in the region, and the time, are handed in. */
class SlotTest {

    private static final Release RELEASE =
            new Release(1, Path.of("jar"), Path.of("config"), Duration.ofSeconds(10), false);

    private final World world = new World();
    private final Slot slot = new Slot(1, world, RELEASE);
    private long now;

    @AfterEach
    void end() {
        world.children.forEach(Process::destroyForcibly);
    }

    @Test
    void a_worker_that_is_ready_is_up() {
        turn();
        assertThat(slot.state()).isEqualTo(SlotState.STARTING);

        world.say(SeatState.READY);
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.UP);
        assertThat(slot.isSettled()).isTrue();
    }

    @Test
    void without_a_master_nothing_is_started() {
        slot.reconcile(now, /* masterUp= */ false);

        assertThat(world.children).isEmpty();
        assertThat(slot.state()).isEqualTo(SlotState.VACANT);
    }

    @Test
    void a_restart_serves_by_the_predecessor_until_the_successor_is_ready() {
        up();
        slot.restart();
        turn();
        assertThat(states()).containsExactly(SlotState.UP, SlotState.STARTING);

        world.say(SeatState.READY);
        turn();
        assertThat(states()).containsExactly(SlotState.UP, SlotState.DRAINING);
        assertThat(world.drained).containsExactly(0);
        die(0);
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.UP);
        assertThat(slot.isSettled()).isTrue();
        assertThat(restarts()).containsEntry("operator", 1L).containsEntry("crash", 0L);
    }

    @Test
    void a_successor_that_dies_leaves_the_predecessor_in_service() {
        up();
        slot.restart();
        turn();

        die(1);
        turn();
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.UP);
        assertThat(slot.mishap()).contains("the process ended before it was ready: last words");
        assertThat(world.children).hasSize(2);
    }

    @Test
    void a_second_restart_while_one_runs_is_refused() {
        up();
        slot.restart();
        turn();

        assertThatExceptionOfType(CommandRefused.class)
                .isThrownBy(slot::restart)
                .withMessage("Worker 1 is being restarted already.");
    }

    @Test
    void crashes_are_answered_later_and_later_and_at_last_no_more() {
        var waits = new ArrayList<Long>();
        for (int crash = 0; crash < 5; crash++) {
            turn();
            die(crash);
            turn();
            long crashedAt = now;
            while (slot.state() == SlotState.BACKOFF && world.children.size() == crash + 1) {
                now += Duration.ofMillis(50).toNanos();
                turn();
            }
            waits.add(Duration.ofNanos(now - crashedAt).toMillis());
        }

        assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 0L);
        assertThat(slot.state()).isEqualTo(SlotState.FAILED);
        assertThat(restarts()).containsEntry("crash", 5L);
        slot.start();
        turn();
        assertThat(slot.state()).isEqualTo(SlotState.STARTING);
    }

    @Test
    void a_hung_worker_has_its_successor_at_once_and_is_killed_a_second_later() {
        up();
        pass(Duration.ofSeconds(3));
        assertThat(world.children).hasSize(1);

        pass(Duration.ofMillis(100));
        assertThat(slot.isHung()).isTrue();
        assertThat(world.children).hasSize(2);
        assertThat(world.askedForThreads).isZero();
        turn();
        assertThat(world.askedForThreads).isEqualTo(1);
        pass(Duration.ofMillis(900));
        assertThat(world.killed).isZero();
        pass(Duration.ofMillis(200));
        assertThat(world.killed).isEqualTo(1);
        world.awaitDeath(0);
        world.say(SeatState.READY);
        turn();
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.UP);
        assertThat(slot.isSettled()).isTrue();
        assertThat(restarts()).containsEntry("hang", 1L).containsEntry("crash", 0L);
    }

    @Test
    void a_hung_worker_that_turns_again_is_drained_and_not_killed() {
        up();
        pass(Duration.ofMillis(3100));
        assertThat(slot.isHung()).isTrue();

        world.heartbeat++;
        turn();
        assertThat(slot.isHung()).isFalse();
        pass(Duration.ofMillis(1100));
        world.say(SeatState.READY);
        turn();

        assertThat(world.killed).isZero();
        assertThat(world.drained).containsExactly(0);
        assertThat(restarts()).containsEntry("hang", 1L);
    }

    @Test
    void a_hung_worker_that_turns_again_serves_on_if_its_successor_comes_to_nothing() {
        up();
        pass(Duration.ofMillis(3100));
        world.heartbeat++;
        turn();

        die(1);
        turn();
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.UP);
        assertThat(slot.isSettled()).isTrue();
        assertThat(world.children).hasSize(2);
        assertThat(restarts()).containsEntry("hang", 0L).containsEntry("crash", 0L);
    }

    @Test
    void after_a_pause_nobody_is_hung() {
        up();
        pass(Duration.ofMillis(2900));

        slot.renewHeartbeats(now);
        pass(Duration.ofMillis(2900));

        assertThat(world.askedForThreads).isZero();
    }

    @Test
    void a_worker_that_never_becomes_ready_is_asked_and_killed_and_counts_as_crashed() {
        turn();
        pass(Duration.ofMillis(60_100));
        assertThat(world.askedForThreads).isEqualTo(1);

        pass(Duration.ofMillis(1100));
        world.awaitDeath(0);
        turn();

        assertThat(world.killed).isEqualTo(1);
        assertThat(restarts()).containsEntry("crash", 1L);
    }

    @Test
    void a_worker_killed_by_command_is_replaced_at_once_and_counts_as_no_crash() {
        for (int kill = 0; kill < 7; kill++) {
            turn();
            world.say(SeatState.READY);
            turn();
            slot.kill(now);
            world.awaitDeath(kill);
            turn();
        }

        assertThat(slot.state()).isEqualTo(SlotState.STARTING);
        assertThat(restarts()).containsEntry("operator", 7L).containsEntry("crash", 0L);
    }

    @Test
    void a_stopped_slot_stays_empty_until_it_is_started() {
        up();
        slot.stop(now);
        turn();
        assertThat(slot.state()).isEqualTo(SlotState.DRAINING);
        die(0);
        turn();
        turn();
        assertThat(slot.state()).isEqualTo(SlotState.STOPPED);
        assertThat(slot.isSettled()).isTrue();

        slot.start();
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.STARTING);
    }

    @Test
    void what_does_not_drain_in_time_is_killed() {
        up();
        slot.stop(now);
        turn();

        pass(Duration.ofMillis(2100));
        world.awaitDeath(0);
        turn();
        turn();

        assertThat(slot.state()).isEqualTo(SlotState.STOPPED);
    }

    @Test
    void a_drain_that_the_master_did_not_hear_is_told_again() {
        up();
        world.masterAway = true;
        slot.drain(now);
        turn();
        assertThat(world.drained).isEmpty();

        world.masterAway = false;
        pass(Duration.ofMillis(1100));

        assertThat(world.drained).containsExactly(0);
    }

    @Test
    void the_next_admin_goes_on_with_a_restart() {
        up();
        slot.restart();
        turn();
        var next = new Slot(1, world, RELEASE);

        next.adopt(slot.entry(), now);
        world.say(SeatState.READY);
        next.reconcile(now, true);

        assertThat(next.view().processes().stream().map(WorkerProcess::state))
                .containsExactly(SlotState.UP, SlotState.DRAINING);
        assertThat(world.children).hasSize(2);
    }

    // ---- crash reports

    @Test
    void a_crash_is_reported_before_the_next_process_is_started_and_the_event_names_the_report() {
        up();
        die(0);
        turn();

        assertThat(world.reports).containsExactly("crash");
        assertThat(world.children).hasSize(1);
        assertThat(reported()).containsExactly("worker-crashed report 1");
    }

    @Test
    void a_hang_is_reported_when_it_is_found_and_completed_by_its_end() {
        up();
        pass(Duration.ofMillis(3100));
        assertThat(world.reports).containsExactly("hang");
        assertThat(world.completed).isZero();

        pass(Duration.ofMillis(1100));
        world.awaitDeath(0);
        turn();

        assertThat(world.completed).isEqualTo(1);
        assertThat(world.reports).hasSize(1);
        assertThat(reported()).contains("worker-hung report 1");
    }

    @Test
    void the_report_of_a_hang_is_completed_also_if_the_worker_turned_again_and_drained() {
        up();
        pass(Duration.ofMillis(3100));
        world.heartbeat++;
        turn();
        world.say(SeatState.READY);
        turn();

        die(0);
        turn();

        assertThat(world.reports).containsExactly("hang");
        assertThat(world.completed).isEqualTo(1);
    }

    @Test
    void a_worker_that_hung_and_served_on_has_a_report_of_its_own_for_what_comes_later() {
        up();
        pass(Duration.ofMillis(3100));
        world.heartbeat++;
        turn();
        die(1);
        turn();

        die(0);
        turn();

        assertThat(world.reports).containsExactly("hang", "crash", "crash");
    }

    @Test
    void what_ends_itself_while_it_drains_is_reported_and_what_is_killed_by_us_is_not() {
        up();
        slot.drain(now);
        turn();
        die(0);
        turn();
        assertThat(reported()).containsExactly("worker-crashed report 1");
        slot.start();
        up();

        slot.kill(now);
        world.awaitDeath(1);
        turn();

        assertThat(world.reports).containsExactly("crash");
    }

    @Test
    void what_died_while_admin_was_away_is_reported_by_the_next() {
        up();
        var entry = slot.entry();
        die(0);

        new Slot(1, world, RELEASE).adopt(entry, now);

        assertThat(world.reports).containsExactly("crash");
    }

    @Test
    void events_say_why_a_process_is_started_and_why_one_drains() {
        up();
        die(0);
        turn();
        now += Duration.ofMillis(200).toNanos();
        up();
        slot.restart();
        turn();
        world.say(SeatState.READY);
        turn();
        slot.dismiss(now);

        assertThat(causes(Event.Kind.WORKER_STARTED)).containsExactly("start", "crash", "operator");
        assertThat(causes(Event.Kind.WORKER_DRAINS)).containsExactly("operator", "scale");
    }

    private List<String> causes(Event.Kind kind) {
        return world.events.stream()
                .filter(event -> event.kind() == kind)
                .map(event -> event.cause().orElse(""))
                .toList();
    }

    private List<String> reported() {
        return world.events.stream()
                .flatMap(event ->
                        event.crash().stream().map(report -> event.kind().label() + " " + report))
                .toList();
    }

    // ---- steps

    private void up() {
        turn();
        world.say(SeatState.READY);
        turn();
    }

    private void turn() {
        slot.reconcile(now, /* masterUp= */ true);
    }

    /** Time goes by in steps, as it does for the supervisor; nobody's heart beats. */
    private void pass(Duration duration) {
        long end = now + duration.toNanos();
        while (now < end) {
            now = Math.min(end, now + Duration.ofMillis(50).toNanos());
            turn();
        }
    }

    private void die(int child) {
        world.children.get(child).destroyForcibly();
        world.awaitDeath(child);
    }

    private List<SlotState> states() {
        return slot.view().processes().stream().map(WorkerProcess::state).toList();
    }

    private Map<String, Long> restarts() {
        return slot.view().restarts();
    }

    /** Starts {@code sleep}, whose command line names what adoption looks for. */
    private static final class World implements SlotActions {

        private final List<Event> events = new ArrayList<>();
        private final List<String> reports = new ArrayList<>();
        private int completed;

        private final List<Process> children = new ArrayList<>();
        private final Map<Long, SeatState> says = new HashMap<>();
        private final List<Integer> drained = new ArrayList<>();
        private long heartbeat;
        private boolean masterAway;
        private int askedForThreads;
        private int killed;

        /** The process started last says so. */
        void say(SeatState state) {
            says.put(children.getLast().pid(), state);
        }

        void awaitDeath(int child) {
            await().until(() -> !children.get(child).isAlive());
        }

        @Override
        public Launcher.Started launch(int slot, int seat, Release release) throws IOException {
            var child = new ProcessBuilder("bash", "-c", "exec -a worker-engine sleep 600").start();
            children.add(child);
            await().until(() -> ProcessIdentity.of(child.pid())
                    .filter(identity -> identity.commandNames("sleep") || identity.commandNames("worker-engine"))
                    .isPresent());
            return new Launcher.Started(ProcessIdentity.of(child.pid()).orElseThrow(), child);
        }

        @Override
        public void drain(int slot, int seat) throws IOException {
            if (masterAway) {
                throw new IOException("nobody listens");
            }
            drained.add(seat);
        }

        @Override
        public Optional<SeatReading> reading(int slot, Member member) {
            return Optional.ofNullable(says.get(member.pid()))
                    .map(state -> new SeatReading(state, member.pid(), 0, List.of(heartbeat), Counts.zero()));
        }

        @Override
        public RestartReason endedBy(int slot, Member member) {
            return RestartReason.CRASH;
        }

        @Override
        public String lastWords(int slot) {
            return "last words";
        }

        @Override
        public void report(int slot, Member member, RestartReason reason) {
            if (member.report().isPresent()) {
                completed++;
            } else {
                reports.add(reason.label());
                member.reportedAs("report " + reports.size());
            }
        }

        @Override
        public void askForThreads(int slot, Member member) {
            askedForThreads++;
        }

        @Override
        public void happened(Event event) {
            events.add(event);
        }

        @Override
        public void killForGood(int slot, Member member, String why, long now) {
            if (member.kill()) {
                killed++;
            }
        }
    }
}
