package drover.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.Status;
import drover.engine.stats.VhostBlock.Verb;
import drover.engine.stats.VhostReading.Requests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VhostBlockTest {

    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path directory;

    private Path file;
    private Region region;

    @BeforeEach
    void createRegion() throws IOException {
        file = directory.resolve("region");
        region = Region.create(file, new RegionLayout(2, 3));
        region.reserve(1);
        region.reserve(2);
    }

    private LoopStats loop(int slot, int seat, int loop) {
        return Seat.take(region, slot, seat, 1, 1, true).loops().get(loop);
    }

    private VhostReading reading(String name) throws IOException {
        return new RegionReader(Region.openToRead(file))
                .vhosts().stream()
                        .filter(vhost -> vhost.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void what_all_loops_of_all_workers_count_is_read_by_name() throws IOException {
        loop(1, 0, 0).vhost("a.example").count(Verb.GET, 200, MILLISECOND, 3 * MILLISECOND, 1000);
        loop(2, 1, 1).vhost("b.example").count(Verb.GET, 404, MILLISECOND, MILLISECOND, 10);
        loop(2, 1, 0).vhost("a.example").count(Verb.HEAD, 304, MILLISECOND, MILLISECOND, 0);
        loop(2, 0, 0).others().count(Verb.OTHER, 400, MILLISECOND, MILLISECOND, 0);

        var a = reading("a.example");

        assertThat(a.byMethodAndCode())
                .containsExactlyInAnyOrder(new Requests(Verb.GET, 200, 1), new Requests(Verb.HEAD, 304, 1));
        assertThat(a.bytes().exactSum()).isEqualTo(1000);
        assertThat(a.firstByte().count()).isEqualTo(2);
        assertThat(a.total().exactSum()).isEqualTo(4 * MILLISECOND);
        assertThat(reading("b.example").count()).isEqualTo(1);
        assertThat(reading(VhostReading.OTHERS).byMethodAndCode()).containsExactly(new Requests(Verb.OTHER, 400, 1));
    }

    @Test
    void names_beyond_the_bound_are_counted_with_the_others() throws IOException {
        var stats = loop(1, 0, 0);

        for (int i = 0; i < 4; i++) {
            stats.vhost("site-" + i).count(Verb.GET, 200, 1, 1, 1);
        }

        assertThat(new RegionReader(region).vhosts().stream().map(VhostReading::name))
                .containsExactly(VhostReading.OTHERS, "site-0", "site-1");
        assertThat(reading(VhostReading.OTHERS).count()).isEqualTo(2);
    }

    @Test
    void whoever_takes_the_seat_over_goes_on_with_the_same_names() throws IOException {
        loop(1, 0, 0).vhost("a.example").count(Verb.GET, 200, 1, 1, 1);
        var next = loop(1, 0, 0);

        next.vhost("z.example").count(Verb.GET, 200, 1, 1, 1);
        next.vhost("a.example").count(Verb.GET, 200, 1, 1, 1);

        assertThat(reading("a.example").count()).isEqualTo(2);
        assertThat(reading("z.example").count()).isEqualTo(1);
    }

    @Test
    void every_status_that_is_answered_has_a_place_of_its_own() {
        assertThat(Arrays.stream(VhostBlock.CODES).boxed().collect(Collectors.toSet()))
                .containsAll(Arrays.stream(Status.values()).map(Status::code).toList())
                .hasSizeLessThanOrEqualTo(32);
    }

    @Test
    void numbers_that_cannot_be_are_cut() throws IOException {
        loop(1, 0, 0).others().count(Verb.GET, 12345, -5, -5, -5);
        region.setOpaque(region.layout().vhostBlock(1, 0, 0, 0) + 8, -7);
        region.setOpaque(region.layout().vhostName(1, 0, 1), Long.MAX_VALUE);

        assertThat(reading(VhostReading.OTHERS).byMethodAndCode()).containsExactly(new Requests(Verb.GET, 0, 1));
        assertThat(reading(VhostReading.OTHERS).total().exactSum()).isZero();
    }
}
