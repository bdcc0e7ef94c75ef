package drover.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.stats.Flight.Phase;
import drover.engine.stats.Recorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedRequestTest {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path directory = Path.of("");

    private StatsRegion region;
    private Recorder recorder;

    @BeforeEach
    void takeASeat() throws IOException {
        region = new StatsRegion(directory);
        recorder = region.take(2, 0, 4711).loops().get(1).recorder();
    }

    private int begin(long at, String host, String path) {
        var input = ("GET" + host + path).getBytes(StandardCharsets.ISO_8859_1);
        int hostEnd = 3 + host.length();
        return recorder.begin(
                9,
                at,
                "192.0.2.7".getBytes(StandardCharsets.US_ASCII),
                input,
                0,
                3,
                3,
                hostEnd,
                hostEnd,
                input.length,
                /* query= */ true);
    }

    @Test
    void what_a_worker_is_at_is_told_with_its_age() throws IOException {
        int ticket = recorder.park(begin(10 * SECOND, "a.example", "/slow"), Phase.SENDING, 12 * SECOND);
        recorder.progress(ticket, 12_345);

        var requests = RecordedRequest.of(region.reader(), StatsRegion.slot(2, 4711), 15 * SECOND);

        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.worker()).isEqualTo(2);
            assertThat(request.loop()).isEqualTo(1);
            assertThat(request.phase()).isEqualTo(Phase.SENDING);
            assertThat(request.phaseSeconds()).isEqualTo(3);
            assertThat(request.ageSeconds()).isEqualTo(5);
            assertThat(request.status()).isEmpty();
            assertThat(request.client()).isEqualTo("192.0.2.7");
            assertThat(request.host()).isEqualTo("a.example");
            assertThat(request.path()).isEqualTo("/slow?...");
            assertThat(request.bytes()).isEqualTo(12_345);
            assertThat(request.isInFlight()).isTrue();
        });
    }

    @Test
    void what_is_finished_follows_the_last_first() throws IOException {
        recorder.end(begin(SECOND, "a", "/1"), 200, 7, 2 * SECOND);
        recorder.end(begin(SECOND, "a", "/2"), 404, 0, 3 * SECOND);
        begin(SECOND, "a", "/3");

        var requests = RecordedRequest.of(region.reader(), StatsRegion.slot(2, 4711), 5 * SECOND);

        assertThat(requests).extracting(RecordedRequest::path).containsExactly("/3?...", "/2?...", "/1?...");
        assertThat(requests.get(1).status()).contains(404);
        assertThat(requests.get(1).phaseSeconds()).isEqualTo(2);
    }

    @Test
    void nothing_that_a_client_sent_steers_a_terminal() throws IOException {
        begin(SECOND, "\u009b31m", "/\u001b[2J\\\r\n\u007f\u00e4\"ok");

        var requests = RecordedRequest.of(region.reader(), StatsRegion.slot(2, 4711), SECOND);

        assertThat(requests.getFirst().host()).isEqualTo("\\x9b31m");
        assertThat(requests.getFirst().path()).isEqualTo("/\\x1b[2J\\x5c\\x0d\\x0a\\x7f\\xe4\"ok?...");
    }

    @Test
    void a_process_that_is_gone_is_at_nothing() throws IOException {
        begin(SECOND, "a", "/");

        assertThat(RecordedRequest.of(region.reader(), StatsRegion.slot(2), SECOND))
                .isEmpty();
        assertThat(RecordedRequest.of(region.reader(), StatsRegion.slot(2, 4712), SECOND))
                .isEmpty();
        assertThat(RecordedRequest.of(region.reader(), StatsRegion.slot(1, 4711), SECOND))
                .isEmpty();
    }

    @Test
    void an_age_that_cannot_be_is_none() throws IOException {
        begin(Long.MIN_VALUE, "a", "/");
        begin(100 * SECOND, "a", "/");

        assertThat(RecordedRequest.of(region.reader(), StatsRegion.slot(2, 4711), SECOND))
                .allSatisfy(request -> assertThat(request.ageSeconds()).isNotNegative());
    }
}
