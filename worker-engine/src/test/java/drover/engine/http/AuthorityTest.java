package drover.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

    private static boolean isHost(String text) {
        var bytes = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
        return Authority.isHost(bytes, 1, bytes.length - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "drover.test",
                "drover.test.",
                "drover.test:",
                "drover.test:8080",
                "under_score-.test",
                "127.0.0.1:80",
                "[::]",
                "[::1]",
                "[1::]",
                "[::1]:",
                "[::1]:8080",
                "[2001:DB8::a:b]",
                "[1:2:3:4:5:6:7:8]",
                "[1:2:3:4:5:6:7::]",
                "[::2:3:4:5:6:7:8]",
                "[1:2:3::6:7:8]",
                "[::ffff:192.0.2.255]",
                "[1:2:3:4:5:6:192.0.2.0]"
            })
    void names_and_addresses_are_hosts(String host) {
        assertThat(isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                ".test",
                "a..test",
                ":80",
                "a:b",
                "a:80:80",
                "user@a",
                "a/b",
                "\u00ff",
                "::1",
                "[]",
                "[",
                "[::1",
                "[::1]x",
                "[::1]:x",
                "[:]",
                "[:::]",
                "[1:]",
                "[:1]",
                "[1::2::3]",
                "[12345::]",
                "[g::]",
                "[::1%25en0]",
                "[v1.a]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4::5:6:7:8]",
                "[1:2:3:4:5:6:7:192.0.2.0]",
                "[127.0.0.1]",
                "[::192.0.2]",
                "[::192.0.2.256]",
                "[::192.0.02.1]",
                "[::192.0.2.1.1]",
                "[::192.0.2.]",
                "[::a.0.2.1]",
                "[::192.0.2.1:1]",
                "[::99999999999.0.2.1]"
            })
    void what_is_neither_is_refused(String host) {
        assertThat(isHost(host)).isFalse();
    }
}
