package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SlotLifeTest {

    /** The whole table once more, as it was meant; a dot where nothing changes. */
    private static final String EXPECTED = """
            .         LAUNCHED  READY  RELIEVED  FELL_BACK  DRAINS    LEFT  EMPTIED  CRASHED  GAVE_UP  REVIVED  SHUT
            VACANT    STARTING  .      .         .          .         .     .        BACKOFF  FAILED   .        STOPPED
            STARTING  .         UP     DRAINING  UP         DRAINING  .     VACANT   BACKOFF  FAILED   .        .
            UP        STARTING  .      .         .          DRAINING  .     VACANT   BACKOFF  FAILED   .        .
            DRAINING  STARTING  .      .         .          .         UP    VACANT   BACKOFF  FAILED   .        .
            BACKOFF   .         .      .         .          .         .     .        .        .        VACANT   STOPPED
            FAILED    .         .      .         .          .         .     .        .        .        VACANT   STOPPED
            STOPPED   .         .      .         .          .         .     .        .        .        VACANT   .
            """;

    static Stream<Arguments> cells() {
        var rows = EXPECTED.lines().map(line -> line.split(" +")).toList();
        return rows.stream()
                .skip(1)
                .flatMap(row -> Stream.iterate(1, i -> i < row.length, i -> i + 1)
                        .map(i -> Arguments.of(
                                SlotState.valueOf(row[0]), SlotEvent.valueOf(rows.getFirst()[i]), row[i])));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void every_event_leads_from_every_state_where_it_should(SlotState state, SlotEvent event, String next) {
        assertThat(SlotLife.after(state, event).map(SlotState::name).orElse("."))
                .isEqualTo(next);
    }

    @ParameterizedTest
    @MethodSource("states")
    void no_state_and_no_event_is_forgotten(SlotState state) {
        assertThat(cells().filter(cell -> cell.get()[0] == state).map(cell -> cell.get()[1]))
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(SlotEvent.values()));
    }

    static Stream<SlotState> states() {
        return Stream.of(SlotState.values());
    }
}
