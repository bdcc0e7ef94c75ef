package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LoginLimitTest {

    private Instant now = Instant.EPOCH;
    private final LoginLimit limit = new LoginLimit(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    @Test
    void ten_failures_may_be_made() throws Exception {
        fail("10.0.0.1", 9);

        assertThat(login("10.0.0.1").getStatus()).isEqualTo(200);
    }

    @Test
    void the_eleventh_login_is_refused_unseen_and_told_how_long_to_wait() throws Exception {
        fail("10.0.0.1", 10);
        now = now.plusSeconds(60);

        var response = login("10.0.0.1");

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.getHeader("Retry-After")).isEqualTo("840");
        assertThat(response.getContentAsString()).contains("Too many failed logins; try again in 14 minutes.");
    }

    @Test
    void others_may_go_on() throws Exception {
        fail("10.0.0.1", 10);

        assertThat(login("10.0.0.2").getStatus()).isEqualTo(200);
    }

    @Test
    void after_a_quarter_of_an_hour_it_is_forgotten() throws Exception {
        fail("10.0.0.1", 10);

        now = now.plus(Duration.ofMinutes(15));

        assertThat(login("10.0.0.1").getStatus()).isEqualTo(200);
    }

    @Test
    void a_success_clears_the_slate() throws Exception {
        fail("10.0.0.1", 9);
        limit.succeeded(request("10.0.0.1"));
        fail("10.0.0.1", 9);

        assertThat(login("10.0.0.1").getStatus()).isEqualTo(200);
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            limit.failed(request(address));
        }
    }

    private MockHttpServletResponse login(String address) throws Exception {
        var response = new MockHttpServletResponse();
        limit.doFilter(request(address), response, new MockFilterChain());
        return response;
    }

    private static MockHttpServletRequest request(String address) {
        var request = new MockHttpServletRequest("POST", "/api/v1/login");
        request.setRemoteAddr(address);
        return request;
    }
}
