package drover.admin.history;

import drover.admin.config.DroverProperties;
import drover.admin.stats.Sample;
import drover.admin.stats.Sampler;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Fills the history from samples, and keeps it in its file: each minute, and when admin stops. */
@Component
final class HistoryKeeper implements SmartLifecycle {

    private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(1);
    private static final Duration LAST_WITHIN = Duration.ofSeconds(5);

    private final History history;
    private final Sampler sampler;
    private final HistoryFile file;
    private final Readings readings = new Readings();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("history").unstarted(task));
    private volatile boolean running;

    HistoryKeeper(History history, Sampler sampler, DroverProperties properties) {
        this.history = history;
        this.sampler = sampler;
        this.file = new HistoryFile(properties.stateDirectory().resolve("history"));
    }

    @Override
    public void start() {
        file.read(history);
        running = true;
        sampler.onSample(this::note);
        var _ = thread.scheduleWithFixedDelay(
                () -> file.write(history),
                CHECKPOINT_EVERY.toMillis(),
                CHECKPOINT_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void note(Sample sample) {
        if (running) {
            readings.of(sample).ifPresent(numbers -> history.add(sample.at(), numbers));
        }
    }

    @Override
    public void stop() {
        running = false;
        thread.execute(() -> file.write(history));
        thread.shutdown();
        try {
            var _ = thread.awaitTermination(LAST_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Ends before the farm does, which may take long. */
    @Override
    public int getPhase() {
        return 2;
    }
}
