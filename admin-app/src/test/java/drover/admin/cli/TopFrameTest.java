package drover.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.cli.FarmReader.Reading;
import drover.admin.stats.Connections;
import drover.admin.stats.Latency;
import drover.admin.stats.Percentiles;
import drover.admin.stats.ProcessUse;
import drover.admin.stats.RecordedRequest;
import drover.admin.stats.Sample;
import drover.admin.stats.WorkerSample;
import drover.admin.stats.WorkerSample.Rates;
import drover.admin.supervision.MasterView;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.supervision.Wanted;
import drover.admin.web.Health;
import drover.engine.stats.Flight.Phase;
import drover.engine.stats.RegionReader.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TopFrameTest {

    private static final Health OK = new Health(Health.State.OK, "The worker is up.");
    private static final Percentiles FAST = new Percentiles(1200, 0.000_21, 0.0042, 0.25, 3);

    private static Reading reading(
            Instant at, Latency firstByte, ProcessUse use, boolean hung, List<RecordedRequest> inFlight) {
        var slot = new SlotView(
                1,
                Wanted.UP,
                SlotState.UP,
                List.of(new WorkerProcess(0, SlotState.UP, 1, 4711, Instant.EPOCH, hung)),
                Map.of(),
                "");
        var connections = new Connections(0, 0, 0);
        return new Reading(
                Optional.empty(),
                /* masterHung= */ false,
                new Sample(
                        at,
                        new MasterView(
                                SlotState.UP, Optional.of(1L), Optional.of(Instant.EPOCH), List.of("127.0.0.1:80")),
                        Counts.zero(),
                        1,
                        List.of(new WorkerSample(slot, Counts.zero(), connections, Optional.of(0.1), use, Rates.NONE)),
                        connections,
                        0,
                        firstByte,
                        List.of()),
                inFlight);
    }

    private static TopFrame frame(Latency firstByte, boolean hung, List<RecordedRequest> inFlight) {
        var before = new ProcessUse(Map.of(4711L, Duration.ofSeconds(10)), 0);
        var now = new ProcessUse(Map.of(4711L, Duration.ofMillis(10_500)), 123_456_789);
        return new TopFrame(
                reading(Instant.EPOCH, Latency.NONE, before, hung, List.of()),
                reading(Instant.EPOCH.plusSeconds(1), firstByte, now, hung, inFlight),
                OK);
    }

    private static RecordedRequest request(int number) {
        return new RecordedRequest(
                1,
                4711,
                0,
                number,
                Phase.SENDING,
                1,
                100 - number,
                Optional.empty(),
                "GET",
                "192.0.2." + number,
                "a.example",
                "/file-" + number,
                1_234_567);
    }

    private static String text(TopFrame frame) {
        return String.join("\n", frame.lines());
    }

    @Test
    void percentiles_are_those_of_late() {
        var frame = frame(new Latency(10, Optional.of(FAST), Optional.of(FAST)), false, List.of());

        assertThat(frame.lines())
                .contains("ttfb    p50 0.21 ms   p90 4.2 ms   p99 250 ms   p99.9 3.0 s   of 1200 requests in 10 s");
    }

    @Test
    void without_a_request_of_late_they_are_those_since_the_start() {
        assertThat(text(frame(new Latency(10, Optional.empty(), Optional.of(FAST)), false, List.of())))
                .contains("of 1200 requests since the start, none of late");
        assertThat(text(frame(Latency.NONE, false, List.of()))).contains("ttfb    no request so far");
    }

    @Test
    void a_worker_is_shown_with_what_it_takes_of_the_machine() {
        assertThat(text(frame(Latency.NONE, false, List.of())))
                .containsPattern("\n +1  UP +4711 +50% +123 MB ")
                .containsPattern("\n +all +50% +123 MB ");
    }

    @Test
    void requests_in_flight_are_named_also_those_of_a_worker_that_hangs() {
        var frame = frame(Latency.NONE, /* hung= */ true, List.of(request(3)));

        assertThat(text(frame))
                .containsPattern("\n +1  HUNG +4711 ")
                .containsPattern("\n +1  sending +97.0 s +1.2 MB  192.0.2.3 +GET a.example/file-3$");
        assertThat(text(frame(Latency.NONE, false, List.of()))).contains("none in flight");
    }

    @Test
    void of_many_requests_the_oldest_are_shown() {
        var frame = frame(
                Latency.NONE,
                false,
                IntStream.range(0, 15).mapToObj(TopFrameTest::request).toList());

        assertThat(text(frame)).contains("/file-9").doesNotContain("/file-10").endsWith("and 5 more");
    }

    @Test
    void no_line_is_wider_than_a_terminal_usually_is() {
        assertThat(frame(new Latency(10, Optional.of(FAST), Optional.of(FAST)), false, List.of(request(1)))
                        .lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void a_program_gets_the_same() {
        JsonNode json = OutputOptions.tree(
                frame(new Latency(10, Optional.of(FAST), Optional.of(FAST)), false, List.of(request(3)))
                        .json());

        assertThat(json.path("firstByte").path("recent").path("p999").asDouble())
                .isEqualTo(3);
        assertThat(json.path("workers").path(0).path("processors").asDouble()).isEqualTo(0.5);
        assertThat(json.path("workers").path(0).path("residentBytes").asLong()).isEqualTo(123_456_789);
        assertThat(json.path("inFlightCount").asInt()).isEqualTo(1);
        var request = json.path("inFlight").path(0);
        assertThat(request.path("path").asString()).isEqualTo("/file-3");
        assertThat(request.path("phase").asString()).isEqualTo("SENDING");
        assertThat(request.path("client").asString()).isEqualTo("192.0.2.3");
        assertThat(request.path("status").isNull()).isTrue();
        assertThat(request.has("inFlight")).isFalse();
    }
}
