package drover.engine.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicCredentialsTest {

    /** The first two are those of RFC 7617 §2 and §2.1. */
    @ParameterizedTest
    @CsvSource({
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin, open sesame",
        "Basic dGVzdDoxMjPCow==, test, 123£",
        "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Aladdin, open sesame",
        "BASIC   YTpiOmM=, a, b:c",
        "Basic YTpi, a, b",
    })
    void a_name_and_a_password_are_read(String value, String user, String password) {
        var credentials = BasicCredentials.parse(value).orElseThrow();

        assertThat(credentials.user()).isEqualTo(user);
        assertThat(new String(credentials.password(), UTF_8)).isEqualTo(password);
        assertThat(credentials.toString()).doesNotContain(password);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Basic", "Basic ", "Bearer YTpi", "Basic YTpi YTpi", "Basic !!!!", "Basic YWI=", "Basic a"})
    void what_is_none_is_none(String value) {
        assertThat(BasicCredentials.parse(value)).isEmpty();
    }

    @Test
    void neither_control_characters_nor_malformed_utf_8_are_taken() {
        for (var pair :
                new byte[][] {{'a', ':', 0}, {'\n', ':', 'b'}, {'a', ':', 0x7f}, {'a', ':', (byte) 0xc0, (byte) 0x80}
                }) {
            assertThat(BasicCredentials.parse("Basic " + Base64.getEncoder().encodeToString(pair)))
                    .isEmpty();
        }
    }
}
