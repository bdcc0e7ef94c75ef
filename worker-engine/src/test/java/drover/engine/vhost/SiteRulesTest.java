package drover.engine.vhost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteRulesTest {

    @Test
    void of_each_field_the_first_rule_that_matches_counts() {
        var rules = rules(
                List.of("X-Frame-Options: SAMEORIGIN", "X-Last: 1"),
                new HeaderRule(new Glob("/assets/**"), List.of("Cache-Control: immutable"), false),
                new HeaderRule(new Glob("/**"), List.of("cache-control: no-cache", "X-Frame-Options: "), false));

        assertThat(rules.fieldsOf("/assets/a.js")).isEqualTo("Cache-Control: immutable\r\nX-Last: 1\r\n");
        assertThat(rules.fieldsOf("/index.html")).isEqualTo("cache-control: no-cache\r\nX-Last: 1\r\n");
        assertThat(rules.fieldsOfOthers("/x".getBytes(UTF_8)))
                .isEqualTo("X-Frame-Options: SAMEORIGIN\r\nX-Last: 1\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/old/*, /new/$1, /old/a b, /new/a%20b",
        "/old/*, /new/$1, /old/ä%, /new/%C3%A4%25",
        "/old/**, /$1, /old/evil.org/x, /evil.org/x",
        "/old**, /$1, /old/evil.org, /evil.org",
        "/**, https://b.org/$1, /x/y, https://b.org/x/y",
        "/*/*, /$2/$1, /a/b, /b/a",
    })
    void a_redirect_encodes_what_it_takes_over_and_stays_on_its_host(
            String from, String to, String path, String location) {
        var bytes = path.getBytes(UTF_8);

        assertThat(new PathRule(new Glob(from), to, 301).location(bytes, bytes.length))
                .contains(location);
    }

    @Test
    void a_rewrite_is_a_decoded_path() {
        var bytes = "/a/ü ".getBytes(UTF_8);

        assertThat(new PathRule(new Glob("/a/*"), "/b/$1", 200).target(bytes, bytes.length))
                .hasValueSatisfying(path -> assertThat(path).isEqualTo("/b/ü ".getBytes(UTF_8)));
    }

    private static SiteRules rules(List<String> answerFields, HeaderRule... headers) {
        return new SiteRules(
                Optional.empty(),
                Map.of(),
                List.of(headers),
                answerFields,
                List.of(),
                List.of(),
                Access.OPEN,
                Cors.OFF,
                List.of(),
                List.of());
    }
}
