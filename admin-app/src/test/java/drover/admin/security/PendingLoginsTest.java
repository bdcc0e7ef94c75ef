package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

class PendingLoginsTest {

    private Instant now = Instant.EPOCH;
    private final PendingLogins logins = new PendingLogins(() -> now);

    @Test
    void who_comes_back_with_cookie_and_state_is_the_one_that_was_sent_and_only_once() {
        var back = back(send("one"), "one");

        assertThat(logins.removeAuthorizationRequest(back, new MockHttpServletResponse()))
                .isNotNull();
        assertThat(logins.removeAuthorizationRequest(back, new MockHttpServletResponse()))
                .isNull();
    }

    @Test
    void who_has_the_cookie_or_the_state_of_another_is_not() {
        var one = send("one");
        var other = send("other");

        assertThat(logins.loadAuthorizationRequest(back(one, "other"))).isNull();
        assertThat(logins.loadAuthorizationRequest(back(new MockHttpServletResponse(), "one")))
                .isNull();
        assertThat(logins.loadAuthorizationRequest(back(other, "other"))).isNotNull();
    }

    @Test
    void who_takes_longer_than_ten_minutes_begins_again() {
        var sent = send("one");

        now = now.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertThat(logins.loadAuthorizationRequest(back(sent, "one"))).isNotNull();
        now = now.plusMillis(1);
        assertThat(logins.loadAuthorizationRequest(back(sent, "one"))).isNull();
    }

    @Test
    void of_too_many_the_oldest_is_forgotten() {
        var first = send("first");
        var second = send("second");
        for (int i = 0; i < 9_999; i++) {
            send("more");
        }

        assertThat(logins.loadAuthorizationRequest(back(first, "first"))).isNull();
        assertThat(logins.loadAuthorizationRequest(back(second, "second"))).isNotNull();
    }

    private MockHttpServletResponse send(String state) {
        var response = new MockHttpServletResponse();
        var request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://login.example.org/authorize")
                .clientId("drover")
                .state(state)
                .build();
        logins.saveAuthorizationRequest(request, new MockHttpServletRequest(), response);
        return response;
    }

    private static MockHttpServletRequest back(MockHttpServletResponse sent, String state) {
        var request = new MockHttpServletRequest();
        request.setCookies(Arrays.copyOf(sent.getCookies(), sent.getCookies().length));
        request.setParameter("state", state);
        return request;
    }
}
