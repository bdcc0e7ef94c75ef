package drover.engine.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.files.Lookup.ErrorPage;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.http.AcceptEncoding;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a site has in the place of files that are not there. */
class SitePagesTest {

    @TempDir
    private Path directory = Path.of("");

    private final DocumentRoot root = new DocumentRoot(new FileCache(1 << 20, 16));

    @BeforeEach
    void create() throws IOException {
        Files.writeString(directory.resolve("index.html"), "app");
        Files.writeString(directory.resolve("404.html"), "not here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cart", "/cart/1", "/cart/", "/v1.2/cart"})
    void a_route_has_the_fallback(String path) {
        assertThat(look(path, "/index.html")).isInstanceOf(Found.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cart.js", "/.git/config", "/a/.hidden"})
    void a_file_that_is_not_there_and_a_hidden_one_have_the_error_page(String path) {
        assertThat(look(path, "/index.html"))
                .isInstanceOfSatisfying(
                        ErrorPage.class, page -> assertThat(page.refusal()).isEqualTo(new Missing()));
    }

    @Test
    void a_fallback_that_is_not_there_is_none() {
        assertThat(look("/cart", "/none.html")).isInstanceOf(ErrorPage.class);
    }

    private Lookup look(String path, String fallback) {
        var none = SiteRules.NONE;
        var rules = new SiteRules(
                Optional.of(fallback),
                Map.of(404, "/404.html"),
                none.headers(),
                none.answerFields(),
                none.redirects(),
                none.rewrites(),
                none.access(),
                none.cors(),
                none.listings(),
                none.protections());
        return root.look(new Site("site", directory, rules), path.getBytes(UTF_8), AcceptEncoding.IDENTITY_ONLY);
    }
}
