package drover.admin.supervision;

import drover.admin.config.DroverProperties;
import drover.admin.shared.StartRefused;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import drover.engine.stats.SeatState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the farm as it is wanted: starts what is missing, replaces what died, adopts what lived before it. One thread takes
 * all steps, {@link #reconcile} after {@link #reconcile}; commands only change what is wanted and wake it. Admin's own
 * death changes nothing for the farm.
 */
public final class Supervisor implements Farm, SmartLifecycle, SlotActions {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long TICK_MILLIS = 50;
    private static final Duration FIRST_START = Duration.ofSeconds(15);
    private static final Duration STOP_GRACE = Duration.ofSeconds(2);

    private final DroverProperties properties;
    private final RunDirectory directory;
    private final Launcher launcher;
    private final ControlClient control;
    private final OperationProgress.Log operations = new OperationProgress.Log(Clock.systemUTC());
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Slot> slots = new ArrayList<>();

    private MasterProcess master;
    private List<String> listen;
    private int loops;
    private Thread thread = new Thread();
    private boolean running;
    private boolean stopping;
    private String written = "";
    private int fingerprint;

    private volatile Optional<RegionReader> region = Optional.empty();
    private volatile MasterView masterView =
            new MasterView(SlotState.VACANT, Optional.empty(), Optional.empty(), List.of());
    private volatile List<SlotView> slotViews = List.of();

    /** A supervisor of what lies in {@code distribution}; it begins with {@link #start}. */
    public Supervisor(DroverProperties properties, Path distribution) {
        this.properties = properties;
        this.directory = new RunDirectory(properties.runDirectory());
        this.launcher = new Launcher(properties, directory, distribution);
        this.control = new ControlClient(directory.controlSocket());
        this.listen = properties.listen();
        this.loops = properties.eventLoops();
        this.master = new MasterProcess(launcher, control, listen, loops);
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
        var found = FarmFile.read(directory.farmFile()).filter(Supervisor::isAlive);
        found.ifPresent(this::keepSettings);
        master = new MasterProcess(launcher, control, listen, loops);
        for (int number = 1; number <= properties.workers(); number++) {
            slots.add(new Slot(number, this, properties.drainTimeout()));
        }
        try {
            Files.createDirectories(properties.logDirectory());
            region = Optional.of(new RegionReader(openRegion(found.isPresent())));
        } catch (IOException failure) {
            throw new StartRefused(
                    StartRefused.EXIT_FAILED, "cannot create the statistics region: " + failure.getMessage());
        }
        found.ifPresent(this::adopt);
        running = true;
        thread = new Thread(this::run, "supervisor");
        thread.setDaemon(true);
        awaitMaster();
        thread.start();
        awaitWorkers();
    }

    private static boolean isAlive(FarmFile farm) {
        return farm.master().filter(FarmFile.Entry::isAlive).isPresent()
                || farm.slots().stream()
                        .flatMap(slot -> slot.processes().stream())
                        .anyMatch(FarmFile.Entry::isAlive);
    }

    /** What a running farm was started with stays until it is stopped: its region and its listeners are made for it. */
    private void keepSettings(FarmFile farm) {
        if (!farm.listen().equals(listen) || farm.loops() != loops) {
            LOG.warn(
                    "settings kept listen={} event-loops={} why=\"the farm runs with them; ./drover down, then up, changes them\"",
                    farm.listen(),
                    farm.loops());
        }
        listen = farm.listen();
        loops = farm.loops();
    }

    private Region openRegion(boolean farmLives) throws IOException {
        try {
            var existing = Region.openToWrite(directory.region());
            if (existing.layout().loops() == loops) {
                return existing;
            }
        } catch (IOException unusable) {
            if (farmLives) {
                LOG.warn("region created anew why=\"{}\"", unusable.getMessage());
            }
        }
        return Region.create(directory.region(), new RegionLayout(loops));
    }

    private void adopt(FarmFile farm) {
        long now = System.nanoTime();
        farm.master().ifPresent(entry -> master.adopt(entry, now));
        for (var entry : farm.slots()) {
            while (slots.size() < entry.slot()
                    && entry.slot() <= RegionLayout.SLOTS
                    && entry.processes().stream().anyMatch(FarmFile.Entry::isAlive)) {
                slots.add(new Slot(slots.size() + 1, this, properties.drainTimeout()));
            }
            if (entry.slot() >= 1 && entry.slot() <= slots.size()) {
                slots.get(entry.slot() - 1).adopt(entry, now);
            }
        }
        for (var slot : slots.subList(Math.min(slots.size(), properties.workers()), slots.size())) {
            LOG.info("worker no longer wanted slot={}", slot.view().slot());
            slot.view().processes().forEach(process -> drainQuietly(slot.view().slot(), process.seat()));
            slot.stop(now);
        }
    }

    private void drainQuietly(int slot, int seat) {
        try {
            drain(slot, seat);
        } catch (IOException failure) {
            LOG.warn("drain not sent slot={} why=\"{}\"", slot, failure.getMessage());
        }
    }

    /** Without a master there is no farm: its first failure is the answer to whoever started Drover. */
    private void awaitMaster() {
        long deadline = System.nanoTime() + FIRST_START.toNanos();
        while (!master.isUp()) {
            reconcile();
            if (master.hasCrashed() || System.nanoTime() - deadline > 0) {
                running = false;
                var why = master.lastWords();
                endAll();
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
        long now = System.nanoTime();
        master.tick(now, !stopping);
        slots.forEach(slot -> slot.tick(now, master.isUp()));
        publish();
    }

    private void publish() {
        var views = slots.stream().map(Slot::view).toList();
        var view = master.view();
        int operationsNow = operations.fingerprint();
        if (views.equals(slotViews) && view.equals(masterView) && operationsNow == fingerprint) {
            return;
        }
        slotViews = views;
        masterView = view;
        fingerprint = operationsNow;
        remember();
        listeners.forEach(Runnable::run);
    }

    private void remember() {
        var farm = new FarmFile(
                listen, loops, master.entry(), slots.stream().map(Slot::entry).toList());
        try {
            if (!farm.toString().equals(written)) {
                farm.write(directory.farmFile());
                written = farm.toString();
            }
        } catch (IOException failure) {
            LOG.error("farm not remembered, the next admin could not adopt it why=\"{}\"", failure.getMessage());
        }
    }

    // ---- what slots have done

    @Override
    public Member launch(int slot, int seat) throws IOException {
        var identity = launcher.worker(slot, seat, loops).identity();
        return new Member(seat, identity, Instant.now(), SlotState.STARTING, System.nanoTime());
    }

    @Override
    public void drain(int slot, int seat) throws IOException {
        var answer = control.ask("drain " + slot + " " + seat);
        if (!answer.startsWith("ok")) {
            throw new IOException(answer);
        }
    }

    @Override
    public SeatState says(int slot, Member member) {
        var reading = region().seat(slot, member.seat());
        return reading.pid() == member.identity().pid() ? reading.state() : SeatState.EMPTY;
    }

    @Override
    public String lastWords(int slot) {
        return Launcher.lastLine(launcher.workerLog(slot)).orElse("it left no word");
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
        return properties.workers();
    }

    @Override
    public RegionReader region() {
        return region.orElseThrow(() -> new IllegalStateException("the farm has not started"));
    }

    @Override
    public synchronized Operation restart(int slot, String actor) {
        if (slot < 1 || slot > slots.size()) {
            throw new CommandRefused(
                    CommandRefused.Reason.NO_SUCH_SLOT,
                    "There is no worker " + slot + "; the workers are 1 to " + slots.size() + ".");
        }
        var progress = operations.begin("restart", slot, actor);
        try {
            master.retry();
            slots.get(slot - 1).restart(progress, System.nanoTime(), master.isUp());
        } catch (CommandRefused refused) {
            operations.forget(progress);
            throw refused;
        }
        LOG.info("restart begun slot={} actor={} operation={}", slot, actor, progress.id());
        publish();
        notifyAll();
        return operations.find(progress.id()).orElseThrow();
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
        LOG.info("farm stopped");
    }

    private void endAll() {
        stopping = true;
        long now = System.nanoTime();
        try {
            control.ask("stop");
        } catch (IOException masterGone) {
            LOG.info("master not told to stop why=\"{}\"", masterGone.getMessage());
        }
        slots.forEach(slot -> slot.stop(now));
        if (master.isEmpty()) {
            slots.forEach(Slot::terminate);
        }
        awaitEnd(now + properties.drainTimeout().plus(STOP_GRACE).toNanos());
        slots.forEach(Slot::kill);
        master.kill();
        awaitEnd(System.nanoTime() + STOP_GRACE.toNanos());
        try {
            directory.clear();
        } catch (IOException failure) {
            LOG.warn("run directory not cleared why=\"{}\"", failure.getMessage());
        }
    }

    private void awaitEnd(long deadline) {
        while ((!master.isEmpty() || !slots.stream().allMatch(Slot::isEmpty)) && System.nanoTime() - deadline < 0) {
            reconcileQuietly();
            pause();
        }
    }

    private void reconcileQuietly() {
        long now = System.nanoTime();
        master.tick(now, /* wanted= */ false);
        slots.forEach(slot -> slot.tick(now, /* masterUp= */ false));
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
