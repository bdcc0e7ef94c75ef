package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginLimitTest {

    private Instant now = Instant.parse("2026-11-27T00:00:00Z");
    private final LoginLimit limit = new LoginLimit(() -> now);

    @Test
    void ten_failures_may_be_made_and_the_eleventh_is_refused_for_a_minute() {
        fail("anna", "10.0.0.1", 9);

        assertThat(limit.begin("anna", "10.0.0.1")).isEmpty();
        assertThat(limit.begin("anna", "10.0.0.1")).contains(Duration.ofMinutes(1));
    }

    @Test
    void the_wait_doubles_with_each_failure_after_that_up_to_a_quarter_of_an_hour() {
        fail("anna", "10.0.0.1", 10);

        for (int minutes : new int[] {1, 2, 4, 8, 15, 15}) {
            assertThat(limit.begin("anna", "10.0.0.1")).contains(Duration.ofMinutes(minutes));
            now = now.plus(Duration.ofMinutes(minutes));
            assertThat(limit.begin("anna", "10.0.0.1")).isEmpty();
        }
    }

    @Test
    void the_same_user_may_come_from_elsewhere_and_others_from_the_same_place() {
        fail("anna", "10.0.0.1", 10);

        assertThat(limit.begin("anna", "10.0.0.2")).isEmpty();
        assertThat(limit.begin("otto", "10.0.0.1")).isEmpty();
    }

    @Test
    void an_address_may_guess_fifteen_times_whoever_is_meant() {
        for (int guess = 0; guess < 15; guess++) {
            assertThat(limit.begin("user" + guess, "10.0.0.1")).isEmpty();
        }

        assertThat(limit.begin("another", "10.0.0.1")).contains(Duration.ofMinutes(1));
        assertThat(limit.begin("another", "10.0.0.2")).isEmpty();
    }

    @Test
    void whoever_is_let_in_starts_afresh_but_what_he_guessed_of_others_stays() {
        fail("anna", "10.0.0.1", 9);
        assertThat(limit.begin("anna", "10.0.0.1")).isEmpty();
        limit.succeeded("anna", "10.0.0.1");

        assertThat(limit.failures("anna", "10.0.0.1")).isZero();
        fail("anna", "10.0.0.1", 6);
        assertThat(limit.begin("otto", "10.0.0.1")).contains(Duration.ofMinutes(1));
    }

    @Test
    void who_is_let_in_again_and_again_is_never_refused() {
        for (int login = 0; login < 1000; login++) {
            assertThat(limit.begin("anna", "10.0.0.1")).isEmpty();
            limit.succeeded("anna", "10.0.0.1");
        }
    }

    @Test
    void a_quarter_of_an_hour_without_a_failure_is_forgotten() {
        fail("anna", "10.0.0.1", 9);

        now = now.plus(Duration.ofMinutes(15));

        assertThat(limit.failures("anna", "10.0.0.1")).isZero();
    }

    @Test
    void all_addresses_of_an_ipv6_network_are_one() {
        for (int guess = 0; guess < 10; guess++) {
            assertThat(limit.begin("anna", "2001:db8:0:1::" + guess)).isEmpty();
        }

        assertThat(limit.begin("anna", "2001:db8:0:1:ffff::1")).isPresent();
        assertThat(limit.begin("anna", "2001:db8:0:2::1")).isEmpty();
    }

    @Test
    void whoever_has_very_many_addresses_takes_no_more_memory_for_it() {
        for (int i = 0; i < 50_000; i++) {
            assertThat(limit.begin("user" + i, "10.%d.%d.1".formatted(i / 250, i % 250)))
                    .isEmpty();
        }

        assertThat(limit.failures("user0", "10.0.0.1")).isZero();
        assertThat(limit.failures("user49999", "10.199.249.1")).isEqualTo(1);
    }

    private void fail(String user, String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(limit.begin(user, address)).isEmpty();
        }
    }
}
