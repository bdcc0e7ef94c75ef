package drover.engine.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.http.Preconditions.Outcome;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionsTest {

    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String EXACTLY = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final long MODIFIED = Instant.parse("1994-11-06T08:49:37Z").getEpochSecond();
    private static final long NOW = MODIFIED + 60;

    private static final Validators CURRENT = new Validators(new EntityTag("now", false), OptionalLong.of(MODIFIED));
    private static final Validators WEAK = new Validators(new EntityTag("now", true), OptionalLong.of(MODIFIED));
    private static final Validators UNDATED = new Validators(new EntityTag("now", false), OptionalLong.empty());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "X: y                         | PROCEED",
                "If-Match: *                  | PROCEED",
                "If-Match: \"now\"            | PROCEED",
                "If-Match: \"old\", \"now\"   | PROCEED",
                "If-Match: \"old\"            | FAILED",
                "If-Match: W/\"now\"          | FAILED", // strong comparison
                "If-Match: now                | FAILED", // malformed: no match
                "If-Match: \"now\", old       | FAILED",
                "If-Match:                    | FAILED",
                "If-None-Match: *             | NOT_MODIFIED",
                "If-None-Match: \"now\"       | NOT_MODIFIED",
                "If-None-Match: W/\"now\"     | NOT_MODIFIED", // weak comparison
                "If-None-Match: \"a\",\"now\" | NOT_MODIFIED",
                "If-None-Match: \"old\"       | PROCEED",
                "If-None-Match: now           | PROCEED",
                "If-None-Match: \"now\", old  | PROCEED",
                "If-None-Match:               | PROCEED",
            })
    void tags_are_compared(String field, Outcome expected) {
        assertThat(evaluate(CURRENT, field)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Modified-Since:   | " + BEFORE + "                | PROCEED",
                "If-Modified-Since:   | " + EXACTLY + "               | NOT_MODIFIED",
                "If-Modified-Since:   | " + AFTER + "                 | NOT_MODIFIED",
                "If-Modified-Since:   | Sunday, 06-Nov-94 08:49:37 GMT| NOT_MODIFIED",
                "If-Modified-Since:   | Sun Nov  6 08:49:37 1994      | NOT_MODIFIED",
                "If-Modified-Since:   | 0                             | PROCEED",
                "If-Modified-Since:   | *                             | PROCEED",
                "If-Unmodified-Since: | " + BEFORE + "                | FAILED",
                "If-Unmodified-Since: | " + EXACTLY + "               | PROCEED",
                "If-Unmodified-Since: | " + AFTER + "                 | PROCEED",
                "If-Unmodified-Since: | Sunday, 06-Nov-94 08:49:36 GMT| FAILED",
                "If-Unmodified-Since: | yesterday                     | PROCEED",
            })
    void dates_are_compared_and_malformed_ones_ignored(String name, String value, Outcome expected) {
        assertThat(evaluate(CURRENT, name + " " + value)).isEqualTo(expected);
    }

    @Test
    void a_date_is_no_condition_where_there_is_none_to_compare() {
        assertThat(evaluate(UNDATED, "If-Modified-Since: " + AFTER)).isEqualTo(Outcome.PROCEED);
        assertThat(evaluate(UNDATED, "If-Unmodified-Since: " + BEFORE)).isEqualTo(Outcome.PROCEED);
    }

    @Test
    void a_tag_outweighs_the_date_of_its_kind() {
        assertThat(evaluate(CURRENT, "If-Match: \"now\"", "If-Unmodified-Since: " + BEFORE))
                .isEqualTo(Outcome.PROCEED);
        assertThat(evaluate(CURRENT, "If-None-Match: \"old\"", "If-Modified-Since: " + AFTER))
                .isEqualTo(Outcome.PROCEED);
        assertThat(evaluate(CURRENT, "If-None-Match: malformed", "If-Modified-Since: " + AFTER))
                .isEqualTo(Outcome.PROCEED);
    }

    @Test
    void what_must_match_comes_before_what_must_not() {
        assertThat(evaluate(CURRENT, "If-None-Match: \"now\"", "If-Match: \"old\""))
                .isEqualTo(Outcome.FAILED);
        assertThat(evaluate(CURRENT, "If-None-Match: \"now\"", "If-Match: \"now\""))
                .isEqualTo(Outcome.NOT_MODIFIED);
        assertThat(evaluate(CURRENT, "If-Modified-Since: " + AFTER, "If-Unmodified-Since: " + BEFORE))
                .isEqualTo(Outcome.FAILED);
        assertThat(evaluate(CURRENT, "If-Modified-Since: " + AFTER, "If-Match: *"))
                .isEqualTo(Outcome.NOT_MODIFIED);
    }

    @Test
    void a_list_may_come_in_several_lines_and_a_date_may_not() {
        assertThat(evaluate(CURRENT, "If-None-Match: \"now\"", "X: y", "IF-NONE-MATCH:\"old\""))
                .isEqualTo(Outcome.NOT_MODIFIED);
        assertThat(evaluate(CURRENT, "If-Match: \"now\"", "If-Match: \"old\"")).isEqualTo(Outcome.PROCEED);
        assertThat(evaluate(CURRENT, "If-Modified-Since: " + AFTER, "If-Modified-Since: " + AFTER))
                .isEqualTo(Outcome.PROCEED);
    }

    @Test
    void a_weak_tag_of_ours_is_good_for_news_only() {
        assertThat(evaluate(WEAK, "If-None-Match: \"now\"")).isEqualTo(Outcome.NOT_MODIFIED);
        assertThat(evaluate(WEAK, "If-Match: W/\"now\"")).isEqualTo(Outcome.FAILED);
        assertThat(rangeApplies(WEAK, NOW, "If-Range: W/\"now\"")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "X: y                  | true",
                "If-Range: \"now\"     | true",
                "If-Range: \"old\"     | false",
                "If-Range: W/\"now\"   | false",
                "If-Range: \"a\",\"now\" | false",
                "If-Range: now         | false",
                "If-Range: *           | false",
                "If-Range:             | false",
                "If-Range: " + BEFORE + "  | false",
                "If-Range: " + EXACTLY + " | true",
                "If-Range: " + AFTER + "   | false", // exactly ours, not merely later
            })
    void a_range_belongs_to_the_tag_or_date_named(String field, boolean expected) {
        assertThat(rangeApplies(CURRENT, NOW, field)).isEqualTo(expected);
    }

    @Test
    void a_date_vouches_for_a_range_only_when_its_second_is_over() {
        assertThat(rangeApplies(CURRENT, MODIFIED, "If-Range: " + EXACTLY)).isFalse();
        assertThat(rangeApplies(CURRENT, MODIFIED + 1, "If-Range: " + EXACTLY)).isTrue();
        assertThat(rangeApplies(UNDATED, NOW, "If-Range: " + EXACTLY)).isFalse();
    }

    private static Outcome evaluate(Validators current, String... fields) {
        return Preconditions.evaluate(request(fields), current, NOW);
    }

    private static boolean rangeApplies(Validators current, long nowSeconds, String... fields) {
        return Preconditions.rangeApplies(request(fields), current, nowSeconds);
    }

    /** Somewhere in a larger buffer, as requests are. */
    private static Request request(String... fields) {
        var head = "...GET / HTTP/1.1\r\nHost: h\r\n" + String.join("\r\n", fields) + "\r\n\r\n...";
        var bytes = head.getBytes(ISO_8859_1);
        var parser = new RequestParser();
        assertThat(parser.feed(bytes, 3, bytes.length - 3)).isInstanceOf(Parsing.Complete.class);
        return parser.request();
    }
}
