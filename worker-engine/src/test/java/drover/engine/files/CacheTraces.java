package drover.engine.files;

import static java.util.Locale.ROOT;

import java.util.List;
import java.util.Random;

/** Plays traces to the caches and tells how much each answers, as a Markdown table. */
public final class CacheTraces {

    private static final List<Trace> TRACES = List.of(
            Trace.zipf(0.7),
            Trace.zipf(0.9),
            Trace.zipf(1.0),
            Trace.zipf(1.2),
            Trace.crawled(1.0),
            Trace.scanned(1.0),
            Trace.drifting(1.0));

    private static final int[] MEBIBYTES = {2, 8, 32, 64};

    private CacheTraces() {}

    public static String table() {
        var documents = new Documents(Trace.POPULAR + Trace.CRAWLED, new Random(20260401));
        var table = new StringBuilder("""
                | trace | cache, MiB | hits: FileCache | LRU | bytes: FileCache | LRU |
                |---|--:|--:|--:|--:|--:|
                """);
        for (var trace : TRACES) {
            for (int mebibytes : MEBIBYTES) {
                var ours = HitRatio.of(Contender.FILE_CACHE, (long) mebibytes << 20, documents, trace);
                var lru = HitRatio.of(Contender.LRU, (long) mebibytes << 20, documents, trace);
                table.append(String.format(
                        ROOT,
                        "| %s | %d | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n",
                        trace.name(),
                        mebibytes,
                        100 * ours.requests(),
                        100 * lru.requests(),
                        100 * ours.bytes(),
                        100 * lru.bytes()));
            }
        }
        return table.toString();
    }
}
