package drover.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds what docs/decisions/0002 promises: what {@link FileCache} keeps is at least as useful as what an LRU would. */
class CacheTracesTest {

    private static final Documents DOCUMENTS = new Documents(Trace.POPULAR + Trace.CRAWLED, new Random(20260401));

    @ParameterizedTest
    @CsvSource({"8, 0.7", "8, 1.0", "8, 1.2", "64, 0.7", "64, 1.0", "64, 1.2"})
    void it_answers_as_much_of_a_zipf_trace_as_an_lru(int mebibytes, double skew) {
        var trace = Trace.zipf(skew);

        var lru = play(Contender.LRU, mebibytes, trace);
        var ours = play(Contender.FILE_CACHE, mebibytes, trace);

        assertThat(ours.requests()).isGreaterThanOrEqualTo(lru.requests());
        assertThat(ours.bytes()).isGreaterThanOrEqualTo(lru.bytes());
    }

    /** Not as many bytes: files of more than an eighth of its capacity are none of its memory's. */
    @ParameterizedTest
    @ValueSource(doubles = {0.7, 1.0, 1.2})
    void a_cache_that_holds_few_files_answers_as_many_requests_as_an_lru(double skew) {
        var trace = Trace.zipf(skew);

        var lru = play(Contender.LRU, 2, trace);
        var ours = play(Contender.FILE_CACHE, 2, trace);

        assertThat(ours.requests()).isGreaterThanOrEqualTo(lru.requests());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 64})
    void it_does_so_while_a_crawler_passes_and_when_favourites_change(int mebibytes) {
        for (var trace : new Trace[] {Trace.crawled(1.0), Trace.scanned(1.0), Trace.drifting(1.0)}) {
            var lru = play(Contender.LRU, mebibytes, trace);
            var ours = play(Contender.FILE_CACHE, mebibytes, trace);

            assertThat(ours.requests()).as(trace.name()).isGreaterThanOrEqualTo(lru.requests());
            assertThat(ours.bytes()).as(trace.name()).isGreaterThanOrEqualTo(lru.bytes());
        }
    }

    private static HitRatio play(Contender contender, int mebibytes, Trace trace) {
        return HitRatio.of(contender, (long) mebibytes << 20, DOCUMENTS, trace);
    }
}
