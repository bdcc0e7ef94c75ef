package drover.admin.stats;

import drover.admin.stats.WorkerSample.Rates;
import drover.admin.supervision.Farm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    private final Farm farm;
    private final List<Consumer<Sample>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean readable = new AtomicBoolean(true);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("sampler").unstarted(task));

    /** What rates are worked out from; only the sampler's thread touches these. */
    private Map<Integer, WorkerSample> before = Map.of();

    private Map<Integer, Rates> rates = Map.of();
    private long ratesAtNanos;
    private final LatencyWindow latencies = new LatencyWindow();

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
            reading().map(region -> sample(region, Instant.now())).ifPresent(sample -> {
                latest = Optional.of(sample);
                listeners.forEach(listener -> listener.accept(sample));
            });
        } catch (RuntimeException bug) {
            LOG.error("sample not taken", bug);
        }
    }

    /** All that lies in the region now; empty while it cannot be read. Any thread may ask. */
    public Optional<RegionReading> reading() {
        try {
            var reading = RegionReading.of(farm.region());
            if (!readable.getAndSet(true)) {
                LOG.info("region read again");
            }
            return Optional.of(reading);
        } catch (RuntimeException failure) {
            if (readable.getAndSet(false)) {
                LOG.error("region not read", failure);
            }
            return Optional.empty();
        }
    }

    private Sample sample(RegionReading region, Instant at) {
        var workers = farm.slots().stream()
                .map(slot -> WorkerSample.of(slot, region, Rates.NONE))
                .toList();
        updateRates(workers, region.nanoTime());
        return Sample.of(
                at,
                farm.master(),
                region.master().counts(),
                farm.wantedWorkers(),
                workers.stream()
                        .map(worker ->
                                worker.with(rates.getOrDefault(worker.slot().slot(), Rates.NONE)))
                        .toList(),
                latencies.add(region.nanoTime(), region.vhosts()));
    }

    private void updateRates(List<WorkerSample> workers, long nanoTime) {
        long elapsed = nanoTime - ratesAtNanos;
        if (ratesAtNanos != 0 && elapsed < SHORTEST.toNanos()) {
            return;
        }
        var now = workers.stream()
                .collect(Collectors.toMap(worker -> worker.slot().slot(), worker -> worker));
        rates = now.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue()
                                .ratesSince(before.getOrDefault(entry.getKey(), entry.getValue()), elapsed)));
        before = now;
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
