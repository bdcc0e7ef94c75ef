package drover.engine.vhost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "/a, /a, ''",
        "/old/*, /old/x, x",
        "/old/*, /old/, ''",
        "/old/**, /old/x/y, x/y",
        "/*.html, /a.html, a",
        "/*.*, /a.b.c, a|b.c",
        "/**.html, /a/b.html, a/b",
        "/**/*.html, /index.html, |index",
        "/**/*.html, /a/b/c.html, a/b|c",
        "/*/x/**/y, /a/x/b/x/y, a|b/x",
        "/**a/**/y, /ba/ca/y, b|ca",
        "/*b*c, /abbc, a|b",
        "/é/*, /é/ü, ü",
        "/éé*0**, /ééx0y, x|y",
    })
    void a_pattern_captures_as_little_as_it_can(String pattern, String path, String captures) {
        assertThat(match(pattern, path).map(found -> String.join("|", found))).contains(captures);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /ab",
        "/ab, /a",
        "/old/*, /old/x/y",
        "/*.html, /a/b.html",
        "/**/x, /ax",
        "/*b, /b/a",
        "/a*, /b",
        "/éé*0**, /ééx",
        "/éé*b**, /éé/a",
    })
    void another_path_does_not_match(String pattern, String path) {
        assertThat(match(pattern, path)).isEmpty();
    }

    @Test
    void a_long_hostile_path_takes_no_long_time() {
        var path = "/" + "a/".repeat(4000);

        assertThat(match("/**a/**a/**a/**a/*b", path)).isEmpty();
    }

    @Test
    void a_wildcard_is_not_tried_twice_with_the_same_end() {
        var glob = new Glob("/**a*c*b");
        var path = ("/" + "a".repeat(4000) + "c".repeat(4000)).getBytes(UTF_8);

        // With the square of the length for each of them it would be minutes.
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 500; i++) {
                assertThat(glob.matches(path, path.length)).isFalse();
            }
        });
    }

    private static Optional<List<String>> match(String pattern, String path) {
        var bytes = path.getBytes(UTF_8);
        return new Glob(pattern).match(bytes, bytes.length);
    }
}
