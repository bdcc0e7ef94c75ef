package drover.admin.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import drover.admin.stats.Connections;
import drover.admin.stats.Sampler;
import drover.admin.stats.WorkerSample;
import drover.admin.supervision.Farm;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.web.Views.Worker;
import drover.engine.stats.Counter;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.RegionReader.LoopReading;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** One worker in full, and the file caches of all: from the region, whatever the workers do. */
@RestController
@RequestMapping("/api/v1")
final class WorkerController {

    private final Farm farm;
    private final Sampler sampler;

    WorkerController(Farm farm, Sampler sampler) {
        this.farm = farm;
        this.sampler = sampler;
    }

    /** A worker, and what only its own page shows. */
    record WorkerInFull(@JsonUnwrapped Worker worker, List<EventLoop> loops, Memory memory, Collections gc) {}

    /**
     * An event loop of a process that lives.
     *
     * @param loop its number in the process, from 0
     * @param lagSeconds the longest turn within the last second or two
     * @param heartbeatAgeSeconds since it was last seen to turn; none if it never was
     */
    record EventLoop(
            long pid, int loop, double lagSeconds, Optional<Double> heartbeatAgeSeconds, Connections connections) {

        private static final double NANOS_PER_SECOND = 1e9;

        static EventLoop of(WorkerProcess process, int number, LoopReading reading, long now) {
            var age = Optional.of(reading.heartbeatNanos())
                    .filter(beat -> beat > 0)
                    .map(beat -> Math.max(0, (now - beat) / NANOS_PER_SECOND));
            return new EventLoop(
                    process.pid(),
                    number,
                    reading.counts().get(Counter.LOOP_LAG) * Counter.LOOP_LAG.unit(),
                    age,
                    Connections.of(reading.counts()));
        }
    }

    /**
     * Of all its processes that live.
     *
     * @param heapUsed bytes of their Java heaps, garbage included
     * @param heapMax bytes that these may grow to
     * @param residentBytes memory that the kernel says they have
     */
    record Memory(long heapUsed, long heapMax, long residentBytes) {}

    /** @param seconds in which the slot's processes stood still to collect garbage, since the farm was started */
    record Collections(double seconds) {}

    /** A number, so that the names of commands are none. */
    @GetMapping("/workers/{slot:\\d{1,9}}")
    WorkerInFull worker(@PathVariable int slot) {
        var sample = sample(slot);
        var processes = sample.slot().processes();
        return new WorkerInFull(
                Worker.of(sample),
                processes.stream().flatMap(process -> loops(slot, process)).toList(),
                new Memory(
                        sample.counts().get(Counter.WORKER_HEAP),
                        processes.size() * WorkerProcess.MOST_HEAP_BYTES,
                        sample.use().residentBytes()),
                new Collections(sample.counts().get(Counter.WORKER_GC) * Counter.WORKER_GC.unit()));
    }

    /** None if another process has taken the seat since the sample. */
    private Stream<EventLoop> loops(int slot, WorkerProcess process) {
        RegionReader region = farm.region();
        if (region.seat(slot, process.seat()).pid() != process.pid()) {
            return Stream.empty();
        }
        var readings = region.loops(slot, process.seat());
        long now = System.nanoTime();
        return IntStream.range(0, readings.size())
                .mapToObj(number -> EventLoop.of(process, number, readings.get(number), now));
    }

    private WorkerSample sample(int number) {
        return sampler.latest().workers().stream()
                .filter(worker -> worker.slot().slot() == number)
                .findFirst()
                .orElseThrow(() -> Problems.noSuchWorker(number, farm));
    }

    /** It interrupts the process for a moment, so it is for those who may command. */
    @GetMapping(path = "/workers/{slot}/threads", produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
    String threads(@PathVariable int slot, Authentication caller) {
        if (!Roles.mayCommand(caller)) {
            throw new AccessDeniedException("threads are for operators");
        }
        return farm.threads(slot);
    }

    /**
     * A file cache, or several as one.
     *
     * @param hits requests answered from it
     * @param misses requests that needed a look at the file system
     * @param evictions files put out for room
     * @param bytes of content that it holds in memory
     * @param entries files that it holds, in memory or open
     * @param hitRatio hits of hits and misses, 0 to 1; none before the first of either
     */
    record Cache(long hits, long misses, long evictions, long bytes, long entries, Optional<Double> hitRatio) {

        static Cache of(Counts counts) {
            long hits = counts.get(Counter.FILE_CACHE_HITS);
            long misses = counts.get(Counter.FILE_CACHE_MISSES);
            return new Cache(
                    hits,
                    misses,
                    counts.get(Counter.FILE_CACHE_EVICTIONS),
                    counts.get(Counter.FILE_CACHE_BYTES),
                    counts.get(Counter.FILE_CACHE_ENTRIES),
                    hits + misses == 0 ? Optional.empty() : Optional.of((double) hits / (hits + misses)));
        }
    }

    /** The cache of a worker. */
    record WorkerCache(int worker, @JsonUnwrapped Cache cache) {}

    /** All caches as one, and each. */
    record Caches(@JsonUnwrapped Cache all, List<WorkerCache> workers) {}

    /** Counted since the farm was started, over all processes that a slot had; bytes and entries are of those that live. */
    @GetMapping("/cache")
    Caches cache() {
        var workers = sampler.latest().workers();
        return new Caches(
                Cache.of(workers.stream().map(WorkerSample::counts).reduce(Counts.zero(), Counts::plus)),
                workers.stream()
                        .map(worker -> new WorkerCache(worker.slot().slot(), Cache.of(worker.counts())))
                        .toList());
    }
}
