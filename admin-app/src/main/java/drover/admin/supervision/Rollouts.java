package drover.admin.supervision;

import drover.admin.config.ConfigChange;
import drover.admin.config.ConfigInvalid;
import drover.admin.config.ConfigLoader.Loaded;
import drover.admin.config.Configurations;
import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.admin.config.Generation.Verdict;
import drover.admin.supervision.Operation.Resize;
import drover.admin.supervision.Rehearsal.Finding;
import drover.admin.supervision.Rehearsal.Stand;
import drover.admin.supervision.Rollout.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a farm comes from one generation to another, step by step: {@link Rollout} has the phases. Whatever fails on the way, it
 * goes back by itself and says why. Owned by the supervisor.
 */
final class Rollouts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    private final Configurations configurations;
    private final Releases releases;
    private final RunDirectory directory;
    private final Path distribution;
    private final Pool pool;
    private final Ground ground;
    private final Clock clock;

    private Optional<Course> course = Optional.empty();

    /** What a rollout changes beside the slots. */
    interface Ground {

        int loops();

        MasterProcess master();

        /** So many workers are wanted. */
        void resize(int size);

        /** This generation runs now. */
        void becomes(Generation generation, DroverProperties properties, Release release);
    }

    private record Course(
            int from,
            int to,
            Stand before,
            Stand after,
            Release old,
            Release next,
            List<ConfigChange> changes,
            Optional<Rehearsal> rehearsal) {

        boolean is(Rollout rollout) {
            return from == rollout.from() && to == rollout.to();
        }
    }

    Rollouts(
            Configurations configurations,
            Releases releases,
            RunDirectory directory,
            Path distribution,
            Pool pool,
            Ground ground,
            Clock clock) {
        this.configurations = configurations;
        this.releases = releases;
        this.directory = directory;
        this.distribution = distribution;
        this.pool = pool;
        this.ground = ground;
        this.clock = clock;
    }

    // ---- begin and end

    /** It goes back to where it came from. */
    Operation abort(Operation operation, String actor) {
        var rollout = operation.rollout().orElseThrow();
        if (rollout.phase() == Phase.RETURNING) {
            throw new CommandRefused(CommandRefused.Reason.BUSY, "It goes back already.");
        }
        endRehearsal();
        return turnBack(operation, rollout.aborts("Aborted by " + actor));
    }

    /** The farm ends, and what runs with it. */
    void abandon(Operation operation) {
        operation.rollout().filter(rollout -> rollout.from() != rollout.to()).ifPresent(rollout -> {
            close();
            configurations.generations().decide(rollout.to(), Verdict.REFUSED, "Drover was stopped meanwhile.");
        });
    }

    @Override
    public void close() {
        endRehearsal();
        course = Optional.empty();
    }

    private void endRehearsal() {
        course.flatMap(Course::rehearsal).ifPresent(Rehearsal::close);
    }

    // ---- the turn

    Operation step(Operation operation) {
        var rollout = operation.rollout().orElseThrow();
        if (rollout.from() == rollout.to()) {
            return operation.ends(
                    Operation.State.DONE,
                    "Nothing has changed; generation " + rollout.from() + " runs on",
                    clock.instant());
        }
        Course now;
        try {
            now = course(rollout);
        } catch (IOException | ConfigInvalid | IllegalStateException lost) {
            return refused(operation, "Not taken: " + lost.getMessage());
        }
        return switch (rollout.phase()) {
            case REHEARSING -> rehearse(operation, rollout, now);
            case LISTENING -> listen(operation, rollout, now);
            case MOVING -> move(operation, rollout, now);
            case RETURNING -> goBack(operation, rollout, now);
        };
    }

    private Course course(Rollout rollout) throws IOException {
        if (course.filter(known -> known.is(rollout)).isEmpty()) {
            var from = generation(rollout.from());
            var to = generation(rollout.to());
            var old = configurations.trusted(from.text());
            var next = configurations.trusted(to.text());
            var before = new Stand(from, settings(old));
            var after = new Stand(to, settings(next));
            course = Optional.of(new Course(
                    rollout.from(),
                    rollout.to(),
                    before,
                    after,
                    releases.of(from, before.properties(), ground.loops()),
                    releases.of(to, after.properties(), ground.loops()),
                    ConfigChange.between(old, next),
                    Optional.empty()));
        }
        return course.orElseThrow();
    }

    private Generation generation(int number) {
        return configurations
                .generations()
                .find(number)
                .orElseThrow(() -> new IllegalStateException("generation " + number + " is not remembered"));
    }

    private DroverProperties settings(Loaded loaded) {
        return loaded.properties().within(configurations.started().properties());
    }

    private boolean movesWorkers(Course now) {
        var before = now.before();
        var after = now.after();
        return releases.differ(before.generation(), before.properties(), after.generation(), after.properties());
    }

    // ---- out of sight

    private Operation rehearse(Operation operation, Rollout rollout, Course now) {
        if (!movesWorkers(now)) {
            return operation.with(rollout.enters(Phase.LISTENING, ""));
        }
        if (now.rehearsal().isEmpty()) {
            var rehearsal = new Rehearsal(directory, distribution, releases, now.before(), now.after());
            rehearsal.begin();
            course = Optional.of(new Course(
                    now.from(),
                    now.to(),
                    now.before(),
                    now.after(),
                    now.old(),
                    now.next(),
                    now.changes(),
                    Optional.of(rehearsal)));
        }
        return now.rehearsal()
                .flatMap(Rehearsal::finding)
                .map(finding -> judge(operation, rollout, finding))
                .orElseGet(() -> operation.says("a canary of generation %d is started and compared with generation %d"
                        .formatted(rollout.to(), rollout.from())));
    }

    private Operation judge(Operation operation, Rollout rollout, Finding finding) {
        LOG.info(
                "rehearsal ended generation={} finding={} why=\"{}\"",
                rollout.to(),
                finding.getClass().getSimpleName(),
                finding.sentence());
        return switch (finding) {
            case Finding.Passed(String found) -> operation.with(rollout.enters(Phase.LISTENING, found));
            case Finding.Worse(String found)
            when rollout.force() -> operation.with(rollout.enters(Phase.LISTENING, "taken by force: " + found));
            case Finding.Worse(String found) ->
                refused(
                        operation,
                        "Rolled back before any worker was restarted: %s. If that is as it should be, ask again with force."
                                .formatted(found));
            case Finding.Broken(String why) ->
                refused(operation, "Rolled back before any worker was restarted: the canary does not serve: " + why);
        };
    }

    // ---- onto the new one

    private Operation listen(Operation operation, Rollout rollout, Course now) {
        var wanted = now.after().properties().listen();
        if (!wanted.equals(now.before().properties().listen())) {
            if (!ground.master().isUp()) {
                return operation.says("waits for the master");
            }
            for (var address : Listening.missing(wanted, ground.master().listening())) {
                try {
                    ground.master().open(address);
                    LOG.info("listening address={}", address);
                } catch (IOException refused) {
                    return turnBack(
                            operation,
                            rollout.enters(
                                    Phase.RETURNING, "Cannot listen on " + address + ": " + refused.getMessage()));
                }
            }
        }
        int size = now.after().properties().workers();
        boolean resizes = size != now.before().properties().workers() && size != pool.size();
        var moving = operation.with(rollout.enters(Phase.MOVING, rollout.note()));
        if (resizes) {
            moving = moving.with(new Resize(pool.size(), size));
            ground.resize(size);
        }
        return movesWorkers(now) ? moving : moving.waits(List.of());
    }

    private Operation move(Operation operation, Rollout rollout, Course now) {
        for (var slot : pool.all()) {
            slot.use(operation.waiting().contains(slot.number()) ? now.old() : now.next());
        }
        if (operation.slot().isPresent()) {
            int number = operation.slot().get();
            var slot = wantedUp(number);
            var mishap = slot.flatMap(Slot::mishap);
            if (mishap.isPresent()) {
                return turnBack(
                        operation, rollout.enters(Phase.RETURNING, "Worker %d: %s".formatted(number, mishap.get())));
            }
            return slot.filter(one -> !one.isSettled())
                    .map(one -> operation.says("worker " + number + ": " + one.doing()))
                    .orElseGet(operation::oneDone);
        }
        return operation.waiting().isEmpty() ? settle(operation, rollout, now) : next(operation, now.next());
    }

    /** The next slot's turn; one that is there already, or of which no process is wanted, needs none. */
    private Operation next(Operation operation, Release release) {
        int number = operation.waiting().getFirst();
        var slot = wantedUp(number);
        if (slot.isEmpty() || slot.get().generation().equals(Optional.of(release.generation()))) {
            return operation.next().oneDone();
        }
        try {
            slot.get().restart();
            slot.get().use(release);
            return operation.next().says("worker " + number + ": a new process is about to be started");
        } catch (CommandRefused busy) {
            return operation.says(String.valueOf(busy.getMessage()));
        }
    }

    private Optional<Slot> wantedUp(int number) {
        return pool.wanted().stream()
                .filter(slot -> slot.number() == number && slot.wanted() == Wanted.UP)
                .findFirst();
    }

    /** All are restarted; those that were not there before must come up, too. */
    private Operation settle(Operation operation, Rollout rollout, Course now) {
        int before = operation.resize().map(Resize::from).orElse(pool.size());
        for (var slot : pool.wanted()) {
            if (slot.number() > before && slot.wanted() == Wanted.UP && !slot.isSettled()) {
                var mishap = slot.mishap();
                return mishap.isPresent()
                        ? turnBack(
                                operation,
                                rollout.enters(Phase.RETURNING, "Worker %d: %s".formatted(slot.number(), mishap.get())))
                        : operation.says("worker " + slot.number() + ": " + slot.doing());
            }
        }
        return accepted(operation, rollout, now);
    }

    private Operation accepted(Operation operation, Rollout rollout, Course now) {
        ground.becomes(now.after().generation(), now.after().properties(), now.next());
        var words = new StringBuilder("Generation " + now.to() + " runs");
        if (!rollout.note().isEmpty()) {
            words.append("; ").append(rollout.note());
        }
        stopListening(now.after()).ifPresent(why -> words.append("; ").append(why));
        writeFile(now.after().generation()).ifPresent(why -> words.append("; ").append(why));
        later(now.changes(), ConfigChange.Needs.ADMIN_RESTART)
                .ifPresent(keys ->
                        words.append("; when drover up is started anew: ").append(keys));
        later(now.changes(), ConfigChange.Needs.FARM_RESTART)
                .ifPresent(keys -> words.append("; after drover down and up: ").append(keys));
        configurations.generations().decide(now.to(), Verdict.ACCEPTED, words.toString());
        releases.keepOnly(now.to());
        close();
        LOG.info("generation accepted number={} actor={}", now.to(), operation.actor());
        return operation
                .counts(operation.progress().total(), operation.progress().total())
                .ends(Operation.State.DONE, words.toString(), clock.instant());
    }

    private static Optional<String> later(List<ConfigChange> changes, ConfigChange.Needs needs) {
        var keys = changes.stream()
                .filter(change -> change.needs() == needs && change.overruled().isEmpty())
                .map(ConfigChange::key)
                .collect(Collectors.joining(", "));
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys);
    }

    /** What came from elsewhere than the file stands there from now on, or the next start would undo it. */
    private Optional<String> writeFile(Generation generation) {
        try {
            configurations.write(generation);
            return Optional.empty();
        } catch (IOException failure) {
            LOG.warn("configuration not written why=\"{}\"", failure.getMessage());
            return Optional.of("the file could not be written, and the next start takes what stands there: "
                    + failure.getMessage());
        }
    }

    /** The master listens where this generation wants it, and nowhere else. */
    private Optional<String> stopListening(Stand stand) {
        for (var address :
                Listening.surplus(stand.properties().listen(), ground.master().listening())) {
            try {
                ground.master().shut(address);
                LOG.info("not listening any more address={}", address);
            } catch (IOException refused) {
                LOG.warn("still listening address={} why=\"{}\"", address, refused.getMessage());
                return Optional.of("it still listens on " + address + ": " + refused.getMessage());
            }
        }
        return Optional.empty();
    }

    // ---- back to the old one

    private Operation turnBack(Operation operation, Rollout rollout) {
        LOG.warn("rollout turns back generation={} why=\"{}\"", rollout.to(), rollout.note());
        return operation
                .with(rollout)
                .waits(pool.wanted().stream()
                        .filter(slot -> slot.generation().equals(Optional.of(rollout.to())))
                        .map(Slot::number)
                        .toList());
    }

    private Operation goBack(Operation operation, Rollout rollout, Course now) {
        pool.all().forEach(slot -> slot.use(now.old()));
        if (operation.slot().isPresent()) {
            int number = operation.slot().get();
            var slot = wantedUp(number);
            return slot.filter(one -> !one.isSettled() && one.mishap().isEmpty())
                    .map(one -> operation.says("goes back; worker " + number + ": " + one.doing()))
                    .orElseGet(operation::oneDone);
        }
        if (!operation.waiting().isEmpty()) {
            return next(operation, now.old());
        }
        operation.resize().ifPresent(resize -> {
            if (pool.size() == resize.to()) {
                ground.resize(resize.from());
            }
        });
        stopListening(now.before());
        int back = operation.progress().total();
        return refused(
                operation,
                "%s. Rolled back to generation %d, %s."
                        .formatted(
                                rollout.note(),
                                rollout.from(),
                                back == 0 ? "no worker had to be restarted" : back + " of the workers were restarted"));
    }

    private Operation refused(Operation operation, String why) {
        var rollout = operation.rollout().orElseThrow();
        configurations.generations().decide(rollout.to(), Verdict.REFUSED, why);
        releases.keepOnly(rollout.from());
        close();
        LOG.warn("generation refused number={} actor={} why=\"{}\"", rollout.to(), operation.actor(), why);
        return operation.ends(
                rollout.aborted() ? Operation.State.ABORTED : Operation.State.FAILED, why, clock.instant());
    }
}
