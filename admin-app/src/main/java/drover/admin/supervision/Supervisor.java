package drover.admin.supervision;

import drover.admin.config.ConfigInvalid;
import drover.admin.config.Configurations;
import drover.admin.config.DroverProperties;
import drover.admin.config.Generation;
import drover.admin.crashes.CrashReporter;
import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import drover.admin.shared.StartRefused;
import drover.admin.supervision.Operation.Action;
import drover.admin.supervision.Operation.Resize;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the farm as it is wanted: starts what is missing, replaces what died or hangs, adopts what lived before it. One
 * thread takes all steps, {@link #reconcile} after {@link #reconcile}; commands only change what is wanted and wake it.
 * Admin's own death changes nothing for the farm.
 */
public final class Supervisor implements Farm, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long TICK_MILLIS = 50;
    private static final Duration FIRST_START = Duration.ofSeconds(30);
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);
    /** The master answers within a turn of its loop; a turn of ours that waits longer would be late itself. */
    private static final Duration REGION_LOOK = Duration.ofSeconds(1);

    private static final Duration MASTER_PATIENCE = Duration.ofMillis(500);

    private final Configurations configurations;
    private final RunDirectory directory;
    private final OutputFiles output;
    private final Launcher launcher;
    private final ControlClient control;
    private final FarmActions actions;
    private final Journal journal;
    private final Pool pool;
    private final Releases releases;
    private final Rollouts rollouts;
    private final Operations operations;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AttendedClock clock = new AttendedClock(System.nanoTime());

    private final ThreadDumps threadDumps = new ThreadDumps();

    private MasterProcess master;
    private List<String> listen;
    private int loops;
    private DroverProperties properties;
    private Optional<Release> release = Optional.empty();
    private Thread thread = new Thread();
    private boolean running;
    private boolean stopping;
    private boolean ended;
    private volatile boolean hurried;
    private Optional<FarmFile> written = Optional.empty();

    private volatile Optional<Region> region = Optional.empty();
    private long regionSeenNanos;
    private volatile Optional<RegionReader> reader = Optional.empty();
    private volatile MasterView masterView =
            new MasterView(SlotState.VACANT, Optional.empty(), Optional.empty(), List.of());
    private volatile List<SlotView> slotViews = List.of();
    private volatile int wantedWorkers;
    private volatile int generation;

    /** A supervisor of what lies in {@code distribution}; it begins with {@link #start}. */
    public Supervisor(Configurations configurations, Path distribution, Journal journal, CrashReporter crashes) {
        this.journal = journal;
        this.configurations = configurations;
        this.properties = configurations.started().properties();
        this.directory = new RunDirectory(properties.runDirectory());
        this.output = new OutputFiles(
                properties.logDirectory(), properties.logRotateSize().toBytes(), properties.logKeep());
        this.launcher = new Launcher(directory, distribution, output, this::wake);
        this.control = new ControlClient(directory.controlSocket(), MASTER_PATIENCE);
        this.actions = new FarmActions(
                launcher, control, output, this::region, this::reserve, journal, crashes, this::workerOf);
        this.pool = new Pool(number -> new Slot(number, actions, release.orElseThrow()));
        this.releases = new Releases(distribution, directory);
        this.rollouts =
                new Rollouts(configurations, releases, directory, distribution, pool, new Ground(), Clock.systemUTC());
        this.operations =
                new Operations(Clock.systemUTC(), pool, () -> actions.ask("rebalance"), rollouts, this::ended);
        this.listen = properties.listen();
        this.loops = properties.eventLoops();
        this.master = new MasterProcess(launcher, control, listen, loops, journal::add);
    }

    /** The version of a generation's worker, if it is still known. */
    private String workerOf(int number) {
        return configurations.generations().find(number).map(Generation::worker).orElse("");
    }

    /** What rollouts change here. */
    private final class Ground implements Rollouts.Ground {

        @Override
        public int loops() {
            return loops;
        }

        @Override
        public MasterProcess master() {
            return master;
        }

        @Override
        public void resize(int size) {
            Supervisor.this.resize(size);
        }

        @Override
        public void becomes(Generation next, DroverProperties settings, Release from) {
            generation = next.number();
            properties = settings;
            release = Optional.of(from);
        }
    }

    // ---- begin

    /**
     * Adopts the farm that runs already, or starts one, and waits until all workers are up or one has shown that it
     * cannot be.
     *
     * @throws StartRefused if the master cannot start: nothing is left running then
     */
    @Override
    public synchronized void start() {
        var found = FarmFile.read(directory.farmFile())
                .map(farm -> Strays.gathered(farm, directory))
                .filter(FarmFile::lives);
        var runs = beginWith(found);
        found.ifPresent(this::keepSettings);
        master = new MasterProcess(launcher, control, listen, loops, journal::add);
        prepare(found.isPresent(), runs);
        clock.look(System.nanoTime());
        journal.add(Event.of(Kind.ADMIN_STARTED)
                .pid(ProcessHandle.current().pid())
                .detail((found.isPresent() ? "A farm runs, it is adopted." : "No farm runs, one is started.")
                        + (endedInGoodOrder() ? "" : " The admin before did not stop in good order.")));
        found.ifPresent(this::adopt);
        resize(found.filter(farm -> farm.configuredWorkers() == properties.workers())
                .map(FarmFile::wantedWorkers)
                .orElse(properties.workers()));
        running = true;
        remember();
        awaitMaster();
        output.start();
        thread = new Thread(this::run, "supervisor");
        thread.setDaemon(true);
        thread.start();
        awaitWorkers();
    }

    private boolean endedInGoodOrder() {
        return journal.latest(Integer.MAX_VALUE).reversed().stream()
                .filter(event -> event.kind() == Kind.ADMIN_STARTED || event.kind() == Kind.ADMIN_STOPPED)
                .findFirst()
                .map(event -> event.kind() == Kind.ADMIN_STOPPED)
                .orElse(true);
    }

    /** A farm that lives goes on with its generation, whatever the file says now: that is for a reload to take. */
    private Generation beginWith(Optional<FarmFile> found) {
        directory.endTwins();
        int rollingOut = found.stream()
                .flatMap(farm -> farm.operations().stream())
                .filter(Operation::isRunning)
                .flatMap(operation -> operation.rollout().stream())
                .mapToInt(Rollout::to)
                .findFirst()
                .orElse(0);
        var runs = configurations.begin(found.map(FarmFile::generation).orElse(0), rollingOut, Releases.bundled());
        generation = runs.number();
        try {
            properties = configurations.trusted(runs.text()).properties().within(properties);
        } catch (ConfigInvalid unusable) {
            LOG.warn("generation not usable any more, the file counts why=\"{}\"", unusable.getMessage());
        }
        listen = properties.listen();
        return runs;
    }

    /** What a running farm was started with stays until it is stopped: its region and its listeners are made for it. */
    private void keepSettings(FarmFile farm) {
        if (!Listening.match(listen, farm.listen()) || farm.loops() != loops) {
            LOG.warn(
                    "settings kept listen={} event-loops={} why=\"the farm runs with them; ./drover down, then up, changes them\"",
                    farm.listen(),
                    farm.loops());
        }
        listen = farm.listen();
        loops = farm.loops();
    }

    private void prepare(boolean farmLives, Generation runs) {
        try {
            Files.createDirectories(properties.logDirectory());
            region = Optional.of(openRegion(farmLives));
            reader = region.map(RegionReader::new);
            release = Optional.of(releases.of(runs, properties, loops));
        } catch (IOException failure) {
            throw new StartRefused(
                    StartRefused.EXIT_FAILED, "cannot prepare the run directory: " + failure.getMessage());
        }
    }

    private Region openRegion(boolean farmLives) throws IOException {
        try {
            var existing = Region.openToWrite(directory.region());
            if (existing.layout().equals(layout())) {
                return existing;
            }
        } catch (IOException unusable) {
            if (farmLives) {
                LOG.warn("region created anew why=\"{}\"", unusable.getMessage());
            }
        }
        return Region.create(directory.region(), layout());
    }

    private RegionLayout layout() {
        return new RegionLayout(loops, properties.statistics().virtualHosts() + 1);
    }

    private void adopt(FarmFile farm) {
        farm.master().ifPresent(entry -> master.adopt(entry, clock.nanos()));
        pool.adopt(farm.slots(), clock.nanos());
        operations.restore(farm.operations(), farm.endedOperations());
    }

    /** Without a master there is no farm: its first failure is the answer to whoever started Drover. */
    private void awaitMaster() {
        long deadline = System.nanoTime() + FIRST_START.toNanos();
        while (!master.isUp()) {
            reconcile();
            boolean failed = master.hasCrashed() || System.nanoTime() - deadline > 0;
            if (failed && !pool.isEmpty()) {
                return; // workers that were adopted serve on; the master is tried again and again
            }
            if (failed) {
                running = false;
                var why = master.lastWords();
                endAll();
                journal.add(Event.of(Kind.ADMIN_STOPPED)
                        .pid(ProcessHandle.current().pid())
                        .detail("The master did not start: " + why));
                throw new StartRefused(StartRefused.EXIT_FAILED, why);
            }
            pause();
        }
    }

    private void awaitWorkers() {
        long deadline = System.nanoTime() + FIRST_START.toNanos();
        while (System.nanoTime() - deadline < 0
                && slotViews.stream()
                        .anyMatch(view -> view.state() == SlotState.VACANT || view.state() == SlotState.STARTING)) {
            pause();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // every caller looks at its condition again in a loop
    private void pause() {
        try {
            wait(TICK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next turn begins now. */
    private synchronized void wake() {
        notifyAll();
    }

    // ---- the turn

    private void run() {
        while (step()) {
            LOG.trace("supervisor turned");
        }
    }

    private synchronized boolean step() {
        if (running) {
            try {
                reconcile();
            } catch (RuntimeException bug) {
                LOG.error("supervisor failed in a turn, goes on with the next", bug);
            }
            pause();
        }
        return running;
    }

    private void reconcile() {
        turn(!stopping);
        operations.advance();
        publish();
    }

    private void turn(boolean wanted) {
        if (clock.look(System.nanoTime())) {
            LOG.warn("supervisor was paused; nobody is late for it");
            journal.add(Event.of(Kind.ADMIN_PAUSED).detail("Admin did not run for a while; nobody is late for it."));
            master.renewHeartbeat(clock.nanos());
            pool.all().forEach(slot -> slot.renewHeartbeats(clock.nanos()));
        }
        actions.begin();
        long now = clock.nanos();
        master.tick(now, wanted, !pool.isEmpty(), region().master().heartbeatNanos());
        pool.all().forEach(slot -> slot.reconcile(now, wanted && master.isUp()));
        keepRegion(now);
    }

    private void publish() {
        var views = pool.present().stream().map(Slot::view).toList();
        var view = master.view();
        boolean changed = !views.equals(slotViews) || !view.equals(masterView);
        slotViews = views;
        masterView = view;
        if (remember() || changed) {
            listeners.forEach(Runnable::run);
        }
    }

    /** Writes the farm's file if it is another one than before. */
    private boolean remember() {
        var farm = new FarmFile(
                master.listen(),
                loops,
                properties.workers(),
                pool.size(),
                generation,
                master.entry(),
                pool.all().stream().map(Slot::entry).toList(),
                operations.all(),
                operations.ended());
        if (written.filter(farm::equals).isPresent()) {
            return false;
        }
        written = Optional.of(farm);
        try {
            farm.write(directory.farmFile());
        } catch (IOException failure) {
            LOG.error("farm not remembered, the next admin could not adopt it why=\"{}\"", failure.getMessage());
        }
        return true;
    }

    // ---- commands

    @Override
    public synchronized Operation order(Command command, String actor) {
        try {
            var operation = accept(command, actor);
            LOG.info("command accepted command={} actor={} operation={}", command, actor, operation.id());
            journal.add(about(Kind.COMMAND_ACCEPTED, operation, actor).detail(describe(command)));
            publish();
            notifyAll();
            return operation;
        } catch (CommandRefused refusal) {
            throw refused(describe(command), refusal, actor);
        }
    }

    private CommandRefused refused(String what, CommandRefused refusal, String actor) {
        journal.add(Event.of(Kind.COMMAND_REFUSED, actor)
                .cause(refusal.reason().label())
                .detail(what + ": " + refusal.getMessage()));
        return refusal;
    }

    private static Event about(Kind kind, Operation operation, String actor) {
        var event = Event.of(kind, actor).operation(operation.id());
        return operation.slot().map(event::slot).orElse(event);
    }

    /** As somebody would say it: {@code restart 1}, {@code scale 4}. */
    private static String describe(Command command) {
        return switch (command) {
            case Command.Restart(int slot) -> "restart " + slot;
            case Command.Start(int slot) -> "start " + slot;
            case Command.Stop(int slot) -> "stop " + slot;
            case Command.Drain(int slot) -> "drain " + slot;
            case Command.Kill(int slot) -> "kill " + slot;
            case Command.RollingRestart() -> "rolling-restart";
            case Command.Scale(int size) -> "scale " + size;
            case Command.Rebalance() -> "rebalance";
            case Command.RollOut(int next, boolean force) -> "generation " + next + (force ? " by force" : "");
        };
    }

    private void ended(Operation operation) {
        journal.add(about(Kind.OPERATION_ENDED, operation, operation.actor())
                .cause(operation.state().name().toLowerCase(Locale.ROOT))
                .detail(operation.action().label() + ": " + operation.detail()));
    }

    private Operation accept(Command command, String actor) {
        return switch (command) {
            case Command.Restart(int slot) -> onSlot(Action.RESTART, slot, actor, Slot::restart);
            case Command.Start(int slot) -> onSlot(Action.START, slot, actor, Slot::start);
            case Command.Stop(int slot) -> onSlot(Action.STOP, slot, actor, it -> it.stop(clock.nanos()));
            case Command.Drain(int slot) -> onSlot(Action.DRAIN, slot, actor, it -> it.drain(clock.nanos()));
            case Command.Kill(int slot) -> onSlot(Action.KILL, slot, actor, it -> it.kill(clock.nanos()));
            case Command.RollingRestart() -> operations.roll(actor);
            case Command.Scale(int size) -> scale(size, actor);
            case Command.Rebalance() -> operations.rebalance(actor);
            case Command.RollOut(int next, boolean force) -> rollOut(next, force, actor);
        };
    }

    private Operation onSlot(Action action, int number, String actor, Consumer<Slot> wish) {
        wish.accept(pool.find(number));
        return operations.begin(action, number, actor);
    }

    private Operation rollOut(int next, boolean force, String actor) {
        var wanted = configurations
                .generations()
                .find(next)
                .orElseThrow(() -> new CommandRefused(
                        CommandRefused.Reason.NO_SUCH_GENERATION, "There is no generation " + next + "."));
        var action = wanted.origin() == Generation.Origin.UPGRADE ? Action.UPGRADE : Action.RELOAD;
        return operations.rollOut(
                action,
                new Rollout(generation, next, force, Rollout.Phase.REHEARSING, "", /* aborted= */ false),
                actor);
    }

    private Operation scale(int size, String actor) {
        if (size < 1 || size > RegionLayout.SLOTS) {
            throw new CommandRefused(
                    CommandRefused.Reason.BAD_SIZE,
                    "The size must be 1 to " + RegionLayout.SLOTS + ", not " + size + ".");
        }
        var operation = operations.scale(new Resize(pool.size(), size), actor);
        resize(size);
        return operation;
    }

    private void resize(int size) {
        pool.resize(size, clock.nanos());
        wantedWorkers = size;
    }

    @Override
    public synchronized Operation abort(String id, String actor) {
        try {
            var operation = operations.abort(id, actor);
            LOG.info("operation aborted operation={} actor={}", id, actor);
            journal.add(about(Kind.COMMAND_ACCEPTED, operation, actor).detail("abort"));
            publish();
            return operation;
        } catch (CommandRefused refusal) {
            throw refused("abort", refusal, actor);
        }
    }

    @Override
    public void reopenLogs(String actor) {
        output.beginAnew();
        LOG.info("logs begun anew actor={}", actor);
        journal.add(Event.of(Kind.LOGS_REOPENED, actor));
    }

    // ---- the farm as others see it

    @Override
    public MasterView master() {
        return masterView;
    }

    @Override
    public List<SlotView> slots() {
        return slotViews;
    }

    @Override
    public int wantedWorkers() {
        return wantedWorkers;
    }

    @Override
    public int generation() {
        return generation;
    }

    /** What workers can be started from. */
    public Releases releases() {
        return releases;
    }

    @Override
    public RegionReader region() {
        return reader.orElseThrow(() -> new IllegalStateException("the farm has not started"));
    }

    /** A process is about to count in this slot. */
    private void reserve(int slot) {
        region.ifPresent(found -> found.reserve(slot));
    }

    /** Whoever starts later must find the region, whatever somebody did to the file that leads there. */
    private void keepRegion(long now) {
        if (region.isEmpty() || now - regionSeenNanos < REGION_LOOK.toNanos()) {
            return;
        }
        regionSeenNanos = now;
        try {
            region.get().repair(directory.region()).ifPresent(wrong -> {
                LOG.warn("region repaired why=\"{}\"", wrong);
                journal.add(Event.of(Kind.REGION_REPAIRED).detail("It is as it was: " + wrong + ". Nothing was lost."));
            });
        } catch (IOException failure) {
            LOG.error("region not repaired why=\"{}\"", drover.admin.shared.Reason.of(failure));
        }
    }

    @Override
    public Optional<Operation> operation(String id) {
        return operations.find(id);
    }

    @Override
    public List<Operation> operations() {
        return operations.recent();
    }

    @Override
    public List<OperationCount> endedOperations() {
        return operations.ended();
    }

    @Override
    public String threads(int slot) {
        var process = processOf(slot);
        try {
            return threadDumps
                    .of(process, output.worker(slot))
                    .orElseThrow(() -> new CommandRefused(
                            CommandRefused.Reason.BUSY,
                            "Worker %d, pid %d, did not write down its threads within 2 s: it is stopped or about to end."
                                    .formatted(slot, process.pid())));
        } catch (IOException unreadable) {
            throw new CommandRefused(
                    CommandRefused.Reason.BUSY,
                    "The log of worker %d, where its threads are written, cannot be read: %s"
                            .formatted(slot, unreadable.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandRefused(CommandRefused.Reason.BUSY, "Drover is being stopped.");
        }
    }

    /** The process of a slot that takes new connections, or else the other one. */
    private synchronized ProcessIdentity processOf(int slot) {
        return pool.find(slot).entry().processes().stream()
                .map(FarmFile.Entry::identity)
                .filter(ProcessIdentity::isAlive)
                .findFirst()
                .orElseThrow(() -> new CommandRefused(
                        CommandRefused.Reason.BUSY,
                        "Worker " + slot + " has no process whose threads could be shown."));
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    // ---- the end

    /** Lets requests in flight finish, ends every process, and takes away what the farm left in its run directory. */
    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        running = false;
        notifyAll();
        endAll();
        output.close();
        journal.add(Event.of(Kind.ADMIN_STOPPED).pid(ProcessHandle.current().pid()));
        LOG.info("farm stopped");
        ended = true;
        notifyAll();
    }

    /** Ends every process at once, whatever it is doing, and returns when nothing is left. */
    public synchronized void stopNow() {
        hurried = true;
        stop();
        while (!ended) {
            pause(); // another thread has begun to stop, and is hurried now
        }
    }

    private void endAll() {
        stopping = true;
        operations.abandon();
        try {
            control.ask("stop");
        } catch (IOException masterGone) {
            LOG.info("master not told to stop why=\"{}\"", masterGone.getMessage());
        }
        pool.all().forEach(slot -> slot.leaveWithMaster(clock.nanos()));
        if (master.isEmpty()) {
            pool.all().forEach(Slot::terminate);
        }
        awaitEnd(properties.drainTimeout().plus(STOP_GRACE), () -> hurried);
        pool.all().forEach(Slot::killRest);
        master.kill();
        awaitEnd(STOP_GRACE, () -> false);
        directory.endTwins();
        try {
            directory.clear();
        } catch (IOException failure) {
            LOG.warn("run directory not cleared why=\"{}\"", failure.getMessage());
        }
    }

    private void awaitEnd(Duration limit, BooleanSupplier cutShort) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!(master.isEmpty() && pool.isEmpty()) && System.nanoTime() - deadline < 0 && !cutShort.getAsBoolean()) {
            turn(/* wanted= */ false);
            pause();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Before the web server begins, after it has ended. */
    @Override
    public int getPhase() {
        return 0;
    }
}
