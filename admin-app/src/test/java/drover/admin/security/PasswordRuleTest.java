package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "elevenchars",
                "password1234",
                "Password2026!",
                "P4ssw0rd!!!!",
                "Passw0rd-Passw0rd",
                "administrator",
                "adminadminadmin",
                "Admin123456!",
                "changeme1234",
                "welcome12345",
                "Winter2026!!",
                "letmein12345",
                "qwertyuiop12",
                "1qwertyuiop1",
                "123456789012",
                "210987654321",
                "abcdefghijkl",
                "aaaaaaaaaaaa",
                "abababababab",
                "drover-admin",
                "drover123456",
                "monkey-dragon",
                "anna-anna-2026",
                "iloveyou!!!!"
            })
    void what_is_guessed_first_is_refused(String password) {
        assertThat(PasswordRule.objection(password, "anna")).isPresent();
    }

    @Test
    void none_of_a_hundred_pairs_that_are_tried_everywhere_could_ever_be_set() {
        for (var user : List.of("admin", "root", "user", "drover", "administrator")) {
            for (var password : List.of(
                    user,
                    "",
                    "admin",
                    "password",
                    "123456",
                    "12345678",
                    "123456789",
                    "qwerty",
                    "abc123",
                    "password1",
                    "111111",
                    "letmein",
                    "changeme",
                    "secret",
                    "welcome",
                    "iloveyou",
                    "admin123",
                    "root",
                    "test",
                    "administrator")) {
                assertThat(PasswordRule.objection(password, user))
                        .as(user + "/" + password)
                        .isPresent();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a password for tests",
                "correct horse battery",
                "kupfer-lamm-ofen",
                "e2e-k3j9x0q2vz",
                "8402957301846295",
                "Grüße aus Ålesund",
                "K7#mPq2$vL9x"
            })
    void what_is_long_and_ones_own_is_taken(String password) {
        assertThat(PasswordRule.objection(password, "anna")).isEmpty();
    }

    @Test
    void more_than_bcrypt_looks_at_is_refused() {
        assertThat(PasswordRule.objection("kupfer-lamm-".repeat(6), "anna")).isEmpty();
        assertThat(PasswordRule.objection("kupfer-lamm-".repeat(6) + "x", "anna"))
                .contains("The password must have at most 72 bytes.");
    }
}
