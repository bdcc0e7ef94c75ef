package drover.engine.files;

import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** How often one or two threads find files, popular as Zipf says, in a cache that holds a part of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FileCacheBenchmark {

    /** As in the configuration. */
    private static final long CAPACITY_BYTES = 64 << 20;

    /** Of so many requests one puts an entry in, as if its file had changed. */
    private static final int REQUESTS_PER_PUT = 20;

    private static final int[] REQUESTS = Trace.zipf(1.0).requests();

    @Param
    private Contender cache = Contender.FILE_CACHE;

    private final Documents documents = new Documents(Trace.POPULAR, new Random(20260401));
    private Contender.Cache entries = cache.create(CAPACITY_BYTES);

    /** Where a thread is in the trace. */
    @State(Scope.Thread)
    public static class Place {
        private int at = new Random().nextInt(REQUESTS.length);

        int next() {
            at = at + 1 < REQUESTS.length ? at + 1 : 0;
            return at;
        }
    }

    @Setup
    public void fill() {
        entries = cache.create(CAPACITY_BYTES);
        for (int file : REQUESTS) {
            if (find(file).isEmpty()) {
                entries.put(documents.entry(file));
            }
        }
    }

    @Benchmark
    @Threads(1)
    public Optional<FileEntry> byOne(Place place) {
        return find(REQUESTS[place.next()]);
    }

    @Benchmark
    @Threads(2)
    public Optional<FileEntry> byTwo(Place place) {
        return find(REQUESTS[place.next()]);
    }

    @Benchmark
    @Threads(1)
    public Optional<FileEntry> byOneWithPuts(Place place) {
        return findOrPut(place.next());
    }

    @Benchmark
    @Threads(2)
    public Optional<FileEntry> byTwoWithPuts(Place place) {
        return findOrPut(place.next());
    }

    private Optional<FileEntry> findOrPut(int at) {
        if (at % REQUESTS_PER_PUT == 0) {
            entries.put(documents.entry(REQUESTS[at]));
        }
        return find(REQUESTS[at]);
    }

    private Optional<FileEntry> find(int file) {
        var path = documents.path(file);
        return entries.find(Documents.SITE, path, path.length);
    }
}
