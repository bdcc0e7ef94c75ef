package drover.engine.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathDecoderTest {

    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "/a/b.html, /a/b.html",
        "//a///b/, /a/b/",
        "/%61%20b, /a b",
        "/%e2%82%ac, /€",
        "/%F0%9F%90%91, /🐑",
        "/..., /...",
        "/.a, /.a",
        "/a..b/..c, /a..b/..c",
        "/%2525, /%25",
        "/a+b, /a+b",
        "/%3f%23, /?#",
    })
    void a_path_is_decoded_once(String encoded, String decoded) {
        assertThat(decode(encoded)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../x",
                "/a/../b",
                "/a/..",
                "/.",
                "/./a",
                "/a/.",
                "/a/./b",
                "/%2e%2e/x",
                "/.%2e/x",
                "/%2e",
                "//..//x",
                "/%2f",
                "/a%2fb",
                "/a%2F..%2Fb",
                "/%5c",
                "/..%5cx",
                "/a\\b",
                "/%00",
                "/a%00.html",
                "/%0a",
                "/%0D",
                "/%1f",
                "/%7f",
                "/%",
                "/%4",
                "/%zz",
                "/%4g",
                "/%-1",
                "/%c0%af",
                "/%c0%ae%c0%ae/",
                "/%e0%80%af",
                "/%ed%a0%80",
                "/%ff",
                "/%f5%80%80%80",
                "/%f0%8f%bf%bf",
                "/%f4%90%80%80",
                "/%c3",
                "/%c3a",
                "/%80",
                "/%e2%82",
            })
    void what_could_lead_elsewhere_is_refused(String encoded) {
        assertThat(decode(encoded)).isEqualTo("refused");
    }

    @Test
    void whatever_is_decoded_never_has_a_segment_that_leads_up() {
        var pieces = new String[] {"/", ".", "%2e", "a", "..", "%2E%2e", "//", "%25"};
        int combinations = (int) Math.pow(pieces.length, 5);
        for (int i = 0; i < combinations; i++) {
            var path = new StringBuilder("/");
            for (int rest = i, n = 0; n < 5; n++, rest /= pieces.length) {
                path.append(pieces[rest % pieces.length]);
            }

            var decoded = decode(path.toString());

            assertThat((decoded + "/").split("/", -1)).as(path.toString()).doesNotContain("..", ".");
        }
    }

    private static String decode(String encoded) {
        byte[] bytes = encoded.getBytes(ISO_8859_1);
        byte[] out = new byte[bytes.length + 1];
        int length = PathDecoder.decode(bytes, 0, bytes.length, out);
        return length == PathDecoder.REFUSED ? "refused" : new String(out, 0, length, UTF_8);
    }
}
