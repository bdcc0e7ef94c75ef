package drover.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/configure.md} is what the code is, and has every key. */
class ConfigurationPageTest {

    private static final Path COMMITTED = Path.of("../docs/configure.md");

    /** For each key of a site that is more than true, false or a path: one that cannot be. */
    private static final Map<String, String> IMPOSSIBLE = Map.ofEntries(
            Map.entry("directory", "directory: ../a"),
            Map.entry("hosts", "hosts: ['a:80']"),
            Map.entry("fallback", "fallback: index.html"),
            Map.entry("error-pages.*", "error-pages: {418: /tea.html}"),
            Map.entry("security-headers", "security-headers: lax"),
            Map.entry("headers.path", "headers: [{path: a}]"),
            Map.entry("headers.set.*", "headers: [{set: {X-A: \"a\\nb\"}}]"),
            Map.entry("headers.cache", "headers: [{cache: for ever}]"),
            Map.entry("redirects.from", "redirects: [{from: a, to: /b}]"),
            Map.entry("redirects.to", "redirects: [{from: /a, to: //b}]"),
            Map.entry("redirects.status", "redirects: [{from: /a, to: /b, status: 303}]"),
            Map.entry("rewrites.from", "rewrites: [{from: a, to: /b}]"),
            Map.entry("rewrites.to", "rewrites: [{from: /a, to: /../b}]"),
            Map.entry("allow", "allow: [localhost]"),
            Map.entry("deny", "deny: [localhost]"),
            Map.entry("cors.origins", "cors: {origins: [a.org]}"),
            Map.entry("cors.methods", "cors: {methods: [POST]}"),
            Map.entry("cors.headers", "cors: {headers: ['a b']}"),
            Map.entry("cors.max-age", "cors: {max-age: -1s}"),
            Map.entry("listing", "listing: files"),
            Map.entry("auth.path", "auth: [{path: a}]"),
            Map.entry("auth.realm", "auth: [{users-file: a, realm: 'a\"b'}]"),
            Map.entry("auth.users", "auth: [{users: ['anna:secret']}]"));

    @TempDir
    private Path home = Path.of("");

    @Test
    void the_committed_page_is_what_the_code_is() throws IOException {
        var text = page().text();

        var committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";
        if (!text.equals(committed)) {
            Files.writeString(COMMITTED, text);
        }

        assertThat(text.equals(committed))
                .as("docs/configure.md was not what the code is and has been written anew: look at it and commit it")
                .isTrue();
    }

    @Test
    void every_key_is_on_it_with_all_that_there_is_to_say() throws IOException {
        var page = page();
        var rows = page.text().lines().filter(line -> line.startsWith("| `")).toList();

        assertThat(page.keys()).containsExactlyInAnyOrderElementsOf(Keys.all());
        assertThat(rows)
                .hasSameSizeAs(Keys.all())
                .allSatisfy(row -> assertThat(List.of(row.split("(?<!\\\\)\\|", -1)))
                        .as(row)
                        .noneMatch(cell -> !cell.isEmpty() && cell.isBlank()));
    }

    @Test
    void every_key_is_in_the_file_that_is_delivered() throws IOException {
        var delivered = Files.readString(Path.of("../config/drover.yml"));

        assertThat(Keys.all())
                .allSatisfy(key -> assertThat(delivered)
                        .as(key)
                        .containsPattern(
                                "[\\s{]" + key.replaceFirst("\\.\\*$", "").replaceFirst(".*\\.", "") + ":"));
    }

    private ConfigurationPage page() throws IOException {
        var refusals = new LinkedHashMap<String, String>();
        IMPOSSIBLE.forEach((key, line) -> refusals.put("drover.sites.*." + key, refusal(line)));
        assertThat(Keys.all()).containsAll(refusals.keySet());
        return new ConfigurationPage(refusals);
    }

    /** What is said against a site. */
    private String refusal(String line) {
        var text = "drover:\n  sites:\n    a:\n      " + line + "\n";
        var refused = catchThrowableOfType(ConfigInvalid.class, () -> {
            Files.createDirectories(home.resolve("config"));
            Files.writeString(home.resolve("config/drover.yml"), text);
            new ConfigLoader(home, Map.of()).load(List.of());
        });
        assertThat(refused).as(line).isNotNull();
        return Objects.toString(refused.getMessage()).replaceFirst("(?s).*?, because ", "");
    }
}
