package drover.admin.stats;

import drover.admin.crashes.Gauges;
import drover.admin.crashes.LastMinute;
import drover.engine.stats.Counter;
import org.springframework.stereotype.Component;

/** Has each sample noted for crash reports, worker by worker. */
@Component
final class MinuteTaker {

    private final LastMinute lastMinute;

    MinuteTaker(Sampler sampler, LastMinute lastMinute) {
        this.lastMinute = lastMinute;
        sampler.onSample(this::note);
    }

    private void note(Sample sample) {
        for (var worker : sample.workers()) {
            var counts = worker.counts();
            lastMinute.note(
                    worker.slot().slot(),
                    new Gauges(
                            sample.at(),
                            worker.requestsPerSecond(),
                            worker.connections().reading(),
                            worker.connections().writing(),
                            worker.connections().idle(),
                            counts.get(Counter.FILE_QUEUE_DEPTH),
                            counts.get(Counter.WORKER_HEAP),
                            counts.get(Counter.LOOP_LAG) * Counter.LOOP_LAG.unit()));
        }
    }
}
