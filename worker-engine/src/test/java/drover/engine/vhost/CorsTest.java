package drover.engine.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CorsTest {

    private static final Cors ONE = new Cors(List.of("https://a.org"), "GET, HEAD", "X-A", 600, true);

    @Test
    void an_origin_of_the_list_is_named_and_every_answer_varies() {
        assertThat(ONE.fields("https://a.org").lines())
                .containsExactly(
                        "Vary: Origin",
                        "Access-Control-Allow-Origin: https://a.org",
                        "Access-Control-Allow-Credentials: true");
        assertThat(ONE.fields("https://a.org.evil.org")).isEqualTo("Vary: Origin\r\n");
        assertThat(ONE.fields("")).isEqualTo("Vary: Origin\r\n");
    }

    @Test
    void a_preflight_of_another_origin_learns_nothing() {
        assertThat(ONE.preflightFields("https://b.org")).isEmpty();
        assertThat(ONE.preflightFields("https://a.org").lines())
                .containsExactly(
                        "Access-Control-Allow-Methods: GET, HEAD",
                        "Access-Control-Allow-Headers: X-A",
                        "Access-Control-Max-Age: 600");
    }

    @Test
    void a_star_is_for_all_and_does_not_vary() {
        var all = new Cors(List.of("*"), "GET", "", 600, false);

        assertThat(all.fields("")).isEqualTo("Access-Control-Allow-Origin: *\r\n");
        assertThat(all.preflightFields("https://b.org")).doesNotContain("Allow-Headers");
    }
}
