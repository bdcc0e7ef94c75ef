package drover.engine;

import drover.engine.posix.Posix;
import drover.engine.stats.Counter;
import drover.engine.stats.Section;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts once a second what the process itself takes: processor time, garbage collections, heap. */
final class Upkeep {

    private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Section stats;
    private final Runtime runtime = Runtime.getRuntime();
    /** Asked for when the first second is over, because it takes a while and the worker is about to serve. */
    private List<GarbageCollectorMXBean> collectors = List.of();

    private long keptNanos = System.nanoTime();
    private long processorNanos;
    private long collectionMillis;

    Upkeep(Section stats) {
        this.stats = stats;
    }

    void keep(long nanoTime) {
        if (nanoTime - keptNanos < BETWEEN_NANOS) {
            return;
        }
        keptNanos = nanoTime;
        if (collectors.isEmpty()) {
            collectors = ManagementFactory.getGarbageCollectorMXBeans();
        }
        stats.set(Counter.WORKER_HEAP, runtime.totalMemory() - runtime.freeMemory());
        long processor = Posix.processorNanos();
        stats.add(Counter.WORKER_CPU, processor - processorNanos);
        processorNanos = processor;
        long collection = collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        stats.add(Counter.WORKER_GC, TimeUnit.MILLISECONDS.toNanos(collection - collectionMillis));
        collectionMillis = collection;
    }
}
