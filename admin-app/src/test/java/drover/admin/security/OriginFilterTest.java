package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class OriginFilterTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9090,        http://127.0.0.1:9090,        200",
        "127.0.0.1:9090,        http://127.0.0.1:8080,        403",
        "127.0.0.1:9090,        http://localhost:9090,        403",
        "[::1]:9090,            http://[::1]:9090,            200",
        "drover.example,        https://drover.example,       200",
        "drover.example:443,    https://drover.example,       200",
        "drover.example,        https://drover.example:443,   200",
        "Drover.Example,        https://drover.example,       200",
        "drover.example,        https://drover.example:8443,  403",
        "drover.example,        https://evil.drover.example,  403",
        "drover.example,        https://drover.example@evil,  403",
        "drover.example,        null,                         403",
        "drover.example,        '',                           403",
        "drover.example,        file://,                      403",
        "drover.example,        https://,                     403",
    })
    void only_the_same_host_and_port_is_ours(String host, String origin, int status) throws Exception {
        var request = new MockHttpServletRequest("POST", "/api/v1/workers/1/restart");
        request.addHeader("Host", host);
        request.addHeader("Origin", origin);
        var response = new MockHttpServletResponse();

        new OriginFilter().doFilter(request, response, new MockFilterChain());

        assertThat(response.getStatus()).isEqualTo(status);
    }
}
