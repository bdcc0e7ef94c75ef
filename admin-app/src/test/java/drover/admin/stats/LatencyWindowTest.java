package drover.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import drover.engine.stats.LoopStats;
import drover.engine.stats.VhostBlock.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyWindowTest {

    private static final double BUCKET = 0.1;

    @TempDir
    private Path directory = Path.of("");

    private final LatencyWindow window = new LatencyWindow();
    private StatsRegion region;
    private LoopStats loop;

    @BeforeEach
    void takeASeat() throws IOException {
        region = new StatsRegion(directory);
        loop = region.take(1, 0, 1).loops().getFirst();
    }

    private void answered(String vhost, int requests, long millis) {
        for (int i = 0; i < requests; i++) {
            loop.vhost(vhost).count(Verb.GET, 200, TimeUnit.MILLISECONDS.toNanos(millis), 0, 0);
        }
    }

    private LatencyWindow.Latencies at(double seconds) throws IOException {
        return window.add((long) (seconds * 1e9), region.reader().vhosts());
    }

    @Test
    void without_a_request_nothing_is_said() throws IOException {
        at(0);

        assertThat(at(1).all().recent()).isEmpty();
        assertThat(at(1).all().sinceStart()).isEmpty();
    }

    @Test
    void percentiles_are_within_a_bucket_of_what_was_measured() throws IOException {
        at(0);
        answered("a", 900, 1);
        answered("b", 90, 20);
        answered("b", 10, 700);

        var recent = at(1).all().recent().orElseThrow();

        assertThat(recent.requests()).isEqualTo(1000);
        assertThat(recent.p50()).isCloseTo(0.001, within(0.001 * BUCKET));
        assertThat(recent.p90()).isCloseTo(0.001, within(0.001 * BUCKET));
        assertThat(recent.p99()).isCloseTo(0.02, within(0.02 * BUCKET));
        assertThat(recent.p999()).isCloseTo(0.7, within(0.7 * BUCKET));
    }

    @Test
    void what_is_older_than_ten_seconds_is_only_in_the_whole() throws IOException {
        answered("a", 5, 700);
        at(0);
        answered("a", 3, 50);
        for (int second = 1; second <= 11; second++) {
            at(second);
        }
        answered("a", 4, 1);

        var all = at(12).all();

        assertThat(all.recentSeconds()).isEqualTo(10);
        assertThat(all.recent().map(Percentiles::requests)).contains(4L);
        assertThat(all.sinceStart().map(Percentiles::requests)).contains(12L);
    }

    @Test
    void readings_between_two_seconds_shorten_nothing() throws IOException {
        at(0);
        answered("a", 3, 1);
        for (int i = 1; i <= 100; i++) {
            at(i / 100.0);
        }

        assertThat(at(1.5).all().recentSeconds()).isEqualTo(1.5);
        assertThat(at(1.5).all().recent().map(Percentiles::requests)).contains(3L);
    }

    @Test
    void a_virtual_host_that_was_not_there_before_counts_from_its_first_request() throws IOException {
        answered("a", 2, 1);
        at(0);
        answered("new", 7, 1);

        var vhosts = at(1).vhosts();

        assertThat(vhosts).extracting(vhost -> vhost.reading().name()).containsExactly("_other", "a", "new");
        assertThat(vhosts.get(1).firstByte().recent()).isEmpty();
        assertThat(vhosts.get(2).firstByte().recent().map(Percentiles::requests))
                .contains(7L);
    }
}
