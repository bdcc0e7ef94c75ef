package drover.engine.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

    private static final long NOW = Instant.parse("2026-11-23T08:00:00Z").getEpochSecond();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT  | 1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994       | 1994-11-06T08:49:37Z",
                "Wed Nov 16 08:49:37 1994       | 1994-11-16T08:49:37Z",
                "Thu, 29 Feb 2024 23:59:59 GMT  | 2024-02-29T23:59:59Z",
                "Sat, 31 Dec 2016 23:59:60 GMT  | 2016-12-31T23:59:59Z", // a leap second
                "Thu, 01 Jan 1970 00:00:00 GMT  | 1970-01-01T00:00:00Z",
                "Friday, 01-Jan-76 00:00:00 GMT | 2076-01-01T00:00:00Z", // 50 years ahead
                "Friday, 01-Jan-77 00:00:00 GMT | 1977-01-01T00:00:00Z", // 51 would be too many
                "Friday, 01-Jan-00 00:00:00 GMT | 2000-01-01T00:00:00Z",
            })
    void the_three_formats_are_read(String text, String expected) {
        var date = HttpDate.parse(text, NOW);

        assertThat(date).hasValue(Instant.parse(expected).getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "yesterday",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 CET",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "sun, 06 nov 1994 08:49:37 gmt",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:60:00 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sun, 06-Nov-94 08:49:37 GMT",
                "Sun Nov 06 08:49:37 94",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                " Sun, 06 Nov 1994 08:49:37 GMT"
            })
    void all_else_is_no_date(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEmpty();
    }

    @Test
    void what_is_sent_is_read_again() {
        for (long seconds = 0; seconds < NOW; seconds += 12_345_678) {
            var text = new String(HttpDate.bytes(Instant.ofEpochSecond(seconds)), US_ASCII);

            assertThat(HttpDate.parse(text, NOW)).as(text).hasValue(seconds);
        }
    }
}
