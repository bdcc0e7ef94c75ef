package drover.engine.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates in fields, RFC 9110 §5.6.7: sent in one format, read in three.
 * <pre>
 *   Sun, 06 Nov 1994 08:49:37 GMT     the one that is sent
 *   Sunday, 06-Nov-94 08:49:37 GMT    RFC 850
 *   Sun Nov  6 08:49:37 1994          asctime of C
 * </pre>
 */
public final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String LONG_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
    private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
    private static final String TIME = "(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})";

    private static final Pattern FIXED =
            Pattern.compile(DAY + ", (?<day>\\d{2}) " + MONTH + " (?<year>\\d{4}) " + TIME + " GMT");
    private static final Pattern RFC_850 =
            Pattern.compile(LONG_DAY + ", (?<day>\\d{2})-" + MONTH + "-(?<year>\\d{2}) " + TIME + " GMT");
    private static final Pattern ASCTIME =
            Pattern.compile(DAY + " " + MONTH + " (?<day>[ \\d]\\d) " + TIME + " (?<year>\\d{4})");

    private HttpDate() {}

    public static byte[] bytes(Instant instant) {
        return FORMAT.format(instant).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads a date; its day of the week is not compared with the rest.
     *
     * @param nowSeconds since the epoch, as is the result; decides the century of a year of two digits
     * @return empty if it is in none of the three formats, or is no date
     */
    public static OptionalLong parse(String value, long nowSeconds) {
        for (var format : List.of(FIXED, RFC_850, ASCTIME)) {
            var matcher = format.matcher(value);
            if (matcher.matches()) {
                return seconds(matcher, nowSeconds);
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong seconds(Matcher date, long nowSeconds) {
        try {
            var local = LocalDateTime.of(
                    year(date.group("year"), nowSeconds),
                    MONTHS.indexOf(date.group("month")) + 1,
                    Integer.parseInt(date.group("day").strip()),
                    Integer.parseInt(date.group("hour")),
                    Integer.parseInt(date.group("minute")),
                    Math.min(59, leapless(date.group("second"))));
            return OptionalLong.of(local.toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException noDate) {
            return OptionalLong.empty();
        }
    }

    /** The grammar has a second 60, the epoch has none. */
    private static int leapless(String second) {
        int value = Integer.parseInt(second);
        if (value > 60) {
            throw new DateTimeException("no such second: " + second);
        }
        return value;
    }

    /** A year of two digits that seems to be more than 50 years ahead is the last one with these digits. */
    private static int year(String digits, long nowSeconds) {
        int year = Integer.parseInt(digits);
        if (digits.length() == 4) {
            return year;
        }
        int thisYear =
                Instant.ofEpochSecond(nowSeconds).atOffset(ZoneOffset.UTC).getYear();
        int inThisCentury = thisYear - thisYear % 100 + year;
        return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
    }
}
