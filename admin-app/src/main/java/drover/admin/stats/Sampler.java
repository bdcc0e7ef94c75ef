package drover.admin.stats;

import drover.admin.supervision.Farm;
import drover.admin.supervision.SlotView;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.RegionReader.SeatReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads the region once a second, and at once when a state changes, works out the rates, and hands the sample to everyone
 * who listens, on its own thread. Samples taken between two seconds keep the rates of the last full second, so that a number
 * never jumps because of a short interval.
 */
@Component
public final class Sampler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(900);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Farm farm;
    private final List<Consumer<Sample>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("sampler").unstarted(task));

    /** What rates are worked out from; only the sampler's thread touches these. */
    private Map<Integer, Long> requestsBefore = Map.of();

    private Map<Integer, Double> rates = Map.of();
    private long ratesAtNanos;

    private volatile Optional<Sample> latest = Optional.empty();
    private volatile boolean running;

    Sampler(Farm farm) {
        this.farm = farm;
    }

    /** The farm at the last sample. */
    public Sample latest() {
        return latest.orElseThrow(() -> new IllegalStateException("no sample was taken yet"));
    }

    /** Runs after each sample, on the sampler's thread: be brief. */
    public void onSample(Consumer<Sample> listener) {
        listeners.add(listener);
    }

    @Override
    public void start() {
        running = true;
        sample();
        farm.onChange(this::sampleSoon);
        var _ = thread.scheduleAtFixedRate(
                this::sample, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sampleSoon() {
        if (running && asked.compareAndSet(false, true)) {
            thread.execute(() -> {
                asked.set(false);
                sample();
            });
        }
    }

    private void sample() {
        try {
            var sample = read(Instant.now(), System.nanoTime());
            latest = Optional.of(sample);
            listeners.forEach(listener -> listener.accept(sample));
        } catch (RuntimeException | InternalError failure) {
            // A region truncated under the mapping is an InternalError; the next sample may succeed again.
            LOG.error("sample not taken", failure);
        }
    }

    private Sample read(Instant at, long nanoTime) {
        var region = farm.region();
        var slots = farm.slots();
        var counts = new HashMap<Integer, Counts>();
        slots.forEach(slot -> counts.put(slot.slot(), counts(region, slot)));
        updateRates(counts, nanoTime);
        var workers = slots.stream()
                .map(slot -> worker(region, slot, counts.getOrDefault(slot.slot(), Counts.zero()), nanoTime))
                .toList();
        var all = workers.stream().map(WorkerSample::counts).reduce(Counts.zero(), Counts::plus);
        return new Sample(
                at,
                farm.master(),
                region.master().counts(),
                farm.wantedWorkers(),
                workers,
                Connections.of(all),
                workers.stream().mapToDouble(WorkerSample::requestsPerSecond).sum());
    }

    private WorkerSample worker(RegionReader region, SlotView slot, Counts counts, long nanoTime) {
        return new WorkerSample(
                slot,
                counts,
                Connections.of(counts),
                heartbeatAge(region, slot, nanoTime),
                rates.getOrDefault(slot.slot(), 0.0));
    }

    /** What a slot counted, over both seats: a seat's levels only while the process in it lives. */
    public static Counts counts(RegionReader region, SlotView slot) {
        return IntStream.range(0, 2)
                .mapToObj(seat -> region.seat(slot.slot(), seat))
                .map(seat -> isHeld(slot, seat) ? seat.counts() : seat.counts().withoutGauges())
                .reduce(Counts.zero(), Counts::plus);
    }

    private static boolean isHeld(SlotView slot, SeatReading seat) {
        return slot.processes().stream().anyMatch(process -> process.pid() == seat.pid());
    }

    /** The age of a slot's oldest heartbeat, of the process that serves; CLOCK_MONOTONIC is what nanoTime reads on Linux. */
    public static Optional<Double> heartbeatAge(RegionReader region, SlotView slot, long nanoTime) {
        return slot.processes().stream()
                .findFirst()
                .map(process -> region.seat(slot.slot(), process.seat()))
                .filter(seat -> isHeld(slot, seat))
                .flatMap(seat -> seat.heartbeatNanos().stream().min(Long::compare))
                .filter(oldest -> oldest > 0)
                .map(oldest -> Math.max(0, (nanoTime - oldest) / NANOS_PER_SECOND));
    }

    private void updateRates(Map<Integer, Counts> counts, long nanoTime) {
        long elapsed = nanoTime - ratesAtNanos;
        if (ratesAtNanos != 0 && elapsed < SHORTEST.toNanos()) {
            return;
        }
        var requests = new HashMap<Integer, Long>();
        var perSecond = new HashMap<Integer, Double>();
        counts.forEach((slot, count) -> {
            long now = count.requests();
            long before = requestsBefore.getOrDefault(slot, now);
            requests.put(slot, now);
            perSecond.put(slot, Math.max(0, now - before) * NANOS_PER_SECOND / elapsed);
        });
        requestsBefore = requests;
        rates = perSecond;
        ratesAtNanos = nanoTime;
    }

    @Override
    public void stop() {
        running = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the farm has started, before the web server does. */
    @Override
    public int getPhase() {
        return 1;
    }
}
