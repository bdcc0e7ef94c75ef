package drover.verify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetTest {

    @Test
    void what_conformance_cases_send_is_read_with_their_rows_and_escapes() {
        var streams = Seeds.streams("""
                == one | RFC | MUST
                > GET /a${3*2} HTTP/1.1
                > Host: ${etag}
                >
                < 200
                == many: ${1} | RFC | MUST
                > GET / HTTP/1.1
                >> X: ${2}\\r\\n
                < 200
                rows
                  a  \\x00\\t
                  b  c d
                """);

        assertThat(streams)
                .extracting(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .containsExactly(
                        "GET /a33 HTTP/1.1\r\nHost: \"xyzzy\"\r\n\r\n",
                        "GET / HTTP/1.1\r\nX: \0\t\r\n",
                        "GET / HTTP/1.1\r\nX: c d\r\n");
        assertThat(Seeds.streams()).hasSizeGreaterThan(900);
    }

    @ParameterizedTest
    @EnumSource
    void every_seed_is_handled(Target target) {
        var seeds = target.seeds();

        assertThat(seeds).hasSizeGreaterThan(5);
        for (var seed : seeds) {
            assertThatNoException()
                    .as(() -> new String(seed, StandardCharsets.ISO_8859_1))
                    .isThrownBy(() -> target.check(seed));
        }
    }
}
