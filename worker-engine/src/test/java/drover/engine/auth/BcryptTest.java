package drover.engine.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BcryptTest {

    /** The vectors that come with OpenBSD's function, with jBCrypt and with crypt_blowfish. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            "", $2a$08$HqWuK6/Ng6sg9gQzbLrgb.Tl.ZHfXLhvt/SgVyWhQqgqcZ7ZuUtye
            a, $2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe
            abc, $2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i
            abcdefghijklmnopqrstuvwxyz, $2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC
            "~!@#$%^&*()      ~!@#$%^&*()PNBFRD", $2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO
            U*U, $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW
            U*U*, $2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK
            U*U*U, $2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a
            """)
    void the_published_passwords_match_their_hashes_and_others_do_not(String password, String hash) {
        var bcrypt = Bcrypt.parse(hash).orElseThrow();

        assertThat(bcrypt.matches(password.getBytes(UTF_8))).isTrue();
        assertThat(bcrypt.matches((password + "x").getBytes(UTF_8))).isFalse();
    }

    @Test
    void what_is_longer_than_72_bytes_is_cut() {
        var alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        var bcrypt = Bcrypt.parse("$2y$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")
                .orElseThrow();

        assertThat(bcrypt.matches((alphabet + "chars after 72 are ignored").getBytes(UTF_8)))
                .isTrue();
        assertThat(bcrypt.matches(alphabet.substring(1).getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$apr1$5vLPsjLL$0OyPcPcqhjNZ1zHHbPQ8T.",
                "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2a$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW ",
            })
    void what_is_no_hash_or_costs_too_little_or_too_much_is_refused(String text) {
        assertThat(Bcrypt.parse(text)).isEmpty();
    }
}
