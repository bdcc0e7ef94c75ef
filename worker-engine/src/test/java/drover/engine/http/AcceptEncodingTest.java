package drover.engine.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gzip                             | gzip identity
                    gzip, deflate                    | gzip identity
                    gzip, deflate, br                | br gzip identity
                    gzip, deflate, br, zstd          | br zstd gzip identity
                    GZip,BR                          | br gzip identity
                    x-gzip                           | gzip identity
                    br;q=0.5, gzip;q=0.8             | gzip br identity
                    br ; q=0.5 ,\tgzip; Q=0.5        | br gzip identity
                    br;q=0.501, gzip;q=0.502         | gzip br identity
                    br;q=0, gzip;q=0.001             | gzip identity
                    br;q=0.000, gzip;q=1.000         | gzip identity
                    br;q=1., gzip;q=0.               | br identity
                    *                                | br zstd gzip identity
                    *;q=0                            | identity
                    *;q=0.5, gzip                    | gzip br zstd identity
                    br;q=0, *                        | zstd gzip identity
                    gzip, *;q=0                      | gzip identity
                    identity                         | identity
                    identity, gzip                   | gzip identity
                    identity, gzip;q=0.9             | identity gzip
                    identity;q=0.5, gzip;q=0.9, br;q=0.1 | gzip identity br
                    identity;q=0                     | identity
                    identity;q=0, gzip               | gzip identity
                    deflate, compress, aes128gcm     | identity
                    , gzip ,, br,                    | br gzip identity
                    ''                               | identity
                    """)
    void the_clients_order_comes_first_then_ours(String field, String order) {
        assertThat(order(field)).isEqualTo(order);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip br",
                "gzip;",
                "gzip;q",
                "gzip;q=",
                "gzip;q=2",
                "gzip;q=1.001",
                "gzip;q=0.1234",
                "gzip;q=.5",
                "gzip;q=0,5",
                "gzip;q=-1",
                "gzip;q=0.5x",
                "gzip;q=0.5;q=1",
                "gzip;level=9",
                "gzip;q =1",
                "gzip, ;q=1",
                "\"gzip\"",
                "gz\u00efp, gzip"
            })
    void a_malformed_field_says_nothing(String field) {
        assertThat(order(field)).isEqualTo("identity");
    }

    @Test
    void fields_sent_apart_are_one_list() {
        assertThat(AcceptEncoding.of(request("Accept-Encoding: gzip;q=0.5\r\nX: y\r\nAccept-Encoding: br;q=0.1\r\n")))
                .hasToString("[GZIP, BR, IDENTITY]");
        assertThat(AcceptEncoding.of(request(""))).isSameAs(AcceptEncoding.IDENTITY_ONLY);
    }

    @Test
    void reading_costs_no_allocation() {
        var request = request("Accept-Encoding: gzip, deflate, br;q=0.9, zstd\r\n");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 1_000; i++) {
            AcceptEncoding.of(request);
        }
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 10_000; i++) {
            AcceptEncoding.of(request);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static String order(String field) {
        var bytes = ("x" + field + ",gzip").getBytes(ISO_8859_1); // neighbours that must not be looked at
        return AcceptEncoding.parse(bytes, 1, bytes.length - ",gzip".length()).order().stream()
                .map(coding -> coding.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    private static Request request(String fields) {
        var bytes = ("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").getBytes(ISO_8859_1);
        var parser = new RequestParser();
        assertThat(parser.feed(bytes, 0, bytes.length)).isInstanceOf(Parsing.Complete.class);
        return parser.request();
    }
}
