package drover.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.ByteRanges.Ignored;
import drover.engine.http.ByteRanges.Satisfiable;
import drover.engine.http.ByteRanges.Unsatisfiable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0              | 0-0",
                "bytes=0-99             | 0-99",
                "bytes=10-              | 10-99",
                "bytes=99-              | 99-99",
                "bytes=-1               | 99-99",
                "bytes=-100             | 0-99",
                "bytes=-1000            | 0-99",
                "bytes=90-1000          | 90-99",
                "bytes=00000000000000000000000001-2 | 1-2",
                "bytes=5-99999999999999999999999999 | 5-99",
                "bytes=-99999999999999999999999999  | 0-99",
                "BYTES=1-2              | 1-2",
                "bytes=0-1,10-11        | 0-1 10-11",
                "bytes=0-1 ,\t10-11     | 0-1 10-11",
                "bytes= 0-1,,10-11,     | 0-1 10-11",
                "bytes=50-51,0-1        | 50-51 0-1", // the order asked for
                "bytes=0-1,100-,50-51   | 0-1 50-51", // what is not there is left out
                "bytes=0-1,-0           | 0-1",
                "bytes=0-10,5-20        | 0-20", // overlapping
                "bytes=0-10,11-20       | 0-20", // adjoining
                "bytes=0-10,12-20       | 0-10 12-20",
                "bytes=11-20,0-10       | 0-20",
                "bytes=0-99,5-6,7-8     | 0-99",
                "bytes=50-59,0-9,20-29,10-19 | 50-59 0-29", // one closes the gap between two
                "bytes=10-19,50-59,30-39,0-99 | 0-99",
            })
    void ranges_are_what_is_there_of_them(String value, String expected) {
        var parsed = ByteRanges.parse(value, 100);

        assertThat(parsed).isInstanceOf(Satisfiable.class);
        assertThat(((Satisfiable) parsed)
                        .ranges().stream()
                                .map(range -> range.first() + "-" + (range.end() - 1))
                                .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @Test
    void numbers_are_exact_up_to_the_largest_file_there_can_be() {
        assertThat(ByteRanges.parse("bytes=9223307236854775807-", Long.MAX_VALUE))
                .isEqualTo(new Satisfiable(List.of(new ByteRange(9223307236854775807L, Long.MAX_VALUE))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=100-",
                "bytes=100-200",
                "bytes=-0",
                "bytes=100-,-0",
                "bytes=99999999999999999999999999-",
                "bytes=9223372036854775807-9223372036854775807"
            })
    void ranges_of_which_nothing_is_there_cannot_be_satisfied(String value) {
        assertThat(ByteRanges.parse(value, 100)).isEqualTo(new Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=2-1",
                "bytes=99999999999999999999-99999999999999999998",
                "bytes=0-1,2-1",
                "bytes=--1",
                "bytes=1--2",
                "bytes=1-2-3",
                "bytes=+1-2",
                "bytes=1 - 2",
                "bytes =1-2",
                "bytes:1-2",
                "bytes=0x1-2",
                "bytes=1-2;3-4",
                "bytes=\u00b2-",
                "items=0-1",
                "=0-1",
                "bytes=0-1, bytes=2-3"
            })
    void malformed_ranges_and_other_units_are_ignored(String value) {
        assertThat(ByteRanges.parse(value, 100)).isEqualTo(new Ignored());
    }

    @Test
    void sixteen_ranges_are_served_and_seventeen_ignored() {
        assertThat(((Satisfiable) ByteRanges.parse(ranges(16), 100)).ranges()).hasSize(16);
        assertThat(ByteRanges.parse(ranges(17), 100)).isEqualTo(new Ignored());
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-, false", "bytes=0-0, false", "bytes=-0, false", "bytes=-5, true", "'bytes=0-,-5', true"})
    void of_an_empty_file_a_suffix_is_the_whole_and_all_else_is_not_there(String value, boolean ignored) {
        assertThat(ByteRanges.parse(value, 0)).isEqualTo(ignored ? new Ignored() : new Unsatisfiable());
    }

    private static String ranges(int count) {
        return "bytes="
                + IntStream.range(0, count).mapToObj(i -> 4 * i + "-" + 4 * i).collect(Collectors.joining(","));
    }
}
