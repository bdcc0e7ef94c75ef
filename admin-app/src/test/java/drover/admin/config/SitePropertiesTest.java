package drover.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitePropertiesTest {

    @TempDir
    private Path home = Path.of("");

    @Test
    void a_site_that_says_nothing_is_the_directory_of_its_name() throws IOException {
        var sites = sites("shop: {default: false}");

        assertThat(site(sites, "shop").directory("shop")).isEqualTo("shop");
        assertThat(site(sites, "shop").hosts("shop")).containsExactly("shop");
        assertThat(site(sites, "shop").isDefault("shop")).isFalse();
    }

    @Test
    void names_directories_and_hosts_are_read() throws IOException {
        var sites =
                sites("shop: {directory: shop/public, hosts: [Shop.org., '*.shop.org', 'www.shop.*'], default: true}");

        assertThat(site(sites, "shop").directory("shop")).isEqualTo("shop/public");
        assertThat(site(sites, "shop").hosts("shop")).containsExactly("shop.org", "*.shop.org", "www.shop.*");
        assertThat(site(sites, "shop").isDefault("shop")).isTrue();
    }

    @Test
    void a_name_with_dots_stands_in_brackets() throws IOException {
        var sites = sites("'[shop.org]': {default: true}");

        assertThat(site(sites, "shop.org").hosts("shop.org")).containsExactly("shop.org");
    }

    @Test
    void rules_are_read() throws IOException {
        var sites = sites("""
                shop:
                      fallback: /index.html
                      error-pages: {404: /404.html, 503: /soon.html}
                      security-headers: true
                      headers:
                        - {path: /assets/**, cache: immutable, set: {X-Frame-Options: DENY, X-N: 1}}
                      redirects: [{from: '/old/*', to: '/new/$1', status: 308}]
                      rewrites: [{from: '/a', to: '/b'}]
                """);

        var shop = site(sites, "shop");
        assertThat(shop.fallback()).contains(new SitePath("/index.html"));
        assertThat(shop.errorPages()).containsKeys(404, 503);
        assertThat(shop.answerFields()).contains("X-Content-Type-Options: nosniff");
        assertThat(shop.headers().getFirst().fields())
                .containsExactly(
                        "X-Frame-Options: DENY", "X-N: 1", "Cache-Control: public, max-age=31536000, immutable");
        assertThat(shop.redirects()).hasSize(1);
        assertThat(shop.rewrites()).hasSize(1);
    }

    @Test
    void a_password_that_was_written_for_a_hash_is_not_repeated() {
        assertThatExceptionOfType(ConfigInvalid.class)
                .isThrownBy(() -> sites("shop: {auth: [{users: ['anna:secret']}]}"))
                .withMessageNotContaining("anna:secret");
    }

    @Test
    void listings_presets_and_users_are_read() throws IOException {
        var shop = site(
                sites("shop: {listing: true, security-headers: strict, auth: [{users-file: config/users}]}"), "shop");

        assertThat(shop.listing())
                .flatExtracting(one -> one.pattern().stream().toList())
                .containsExactly("/**");
        assertThat(shop.answerFields()).contains("X-Frame-Options: DENY");
        assertThat(shop.auth().getFirst().usersFile())
                .contains(home.toAbsolutePath().resolve("config/users"));
        assertThat(site(sites("shop: {default: false}"), "shop").listing())
                .allMatch(one -> one.pattern().isEmpty());
    }

    @Test
    void the_examples_that_are_delivered_are_accepted() throws IOException {
        var examples = Files.readAllLines(Path.of("../config/drover.yml")).stream()
                .dropWhile(line -> !line.startsWith("  # sites:"))
                .takeWhile(line -> !line.startsWith("  # Every host"))
                .map(line -> line.replaceFirst("# ?", ""));
        var uncommented =
                examples.map(line -> line.matches("\\s*# .*") ? "" : line).toList();

        assertThat(load("drover:\n" + String.join("\n", uncommented)).get("shop"))
                .satisfies(shop -> assertThat(shop.rewrites()).hasSize(1));
    }

    @Test
    void without_sites_there_are_none() throws IOException {
        assertThat(load("drover:\n  workers: 1\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    directry: a         | unknown key drover.sites.shop.directry; did you mean drover.sites.shop.directory?
                    host: a             | unknown key drover.sites.shop.host; did you mean drover.sites.shop.hosts?
                    default: perhaps    | drover.sites.shop.default: cannot use "perhaps"
                    directory: ../etc   | drover.sites.shop.directory: cannot use "../etc", because it must be a directory below
                    directory: /etc     | it must be a directory below document-root, such as example.org
                    directory: a/.git   | it must be a directory below document-root, such as example.org
                    hosts: [a, 'b:80']  | it must be a host name without a port, *.example.org or www.example.*
                    hosts: ['*']        | it must be a host name without a port, *.example.org or www.example.*
                    fallback: index.html            | drover.sites.shop.fallback: cannot use "index.html", because it must be a path
                    error-pages: {418: /tea.html}   | drover.sites.shop, because error-pages are for 401, 403, 404, 500 and 503
                    error-pages: {404: ../x}        | drover.sites.shop.error-pages
                    headers: [{pth: /a}]            | unknown key drover.sites.shop.headers[0].pth; did you mean drover.sites.shop.headers.path?
                    headers: [{path: a}]            | it must be a pattern of decoded paths
                    headers: [{cache: for ever}]    | it must be immutable, no-cache or directives
                    headers: [{set: {'X A': 1}}]    | unknown key drover.sites.shop.headers[0].set.X A
                    headers: [{set: {'[X A]': 1}}]  | cannot be a field's name
                    headers: [{set: {Date: now}}]   | drover.sites.shop.headers, because Date is for Drover to say
                    headers: [{set: {X-A: "a\\nb"}}] | the value of X-A must be printable ASCII in one line
                    redirects: [{from: /a}]         | drover.sites.shop.redirects, because it must have from and to
                    redirects: [{from: /a, to: //b}]               | it must be a path such as /new/$1, or an absolute URL
                    redirects: [{from: '/a*', to: 'http://b$1'}]   | it must be a path such as /new/$1, or an absolute URL
                    redirects: [{from: '/a*', to: '/$2'}]          | to has $2, and from has 1 wildcards
                    redirects: [{from: /a, to: /b, status: 303}]   | status must be 301, 302, 307 or 308
                    redirects: [{from: /a, to: /b, status: x}]     | cannot use "x", a whole number is wanted
                    allow: [localhost]              | it must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32
                    deny: [192.0.2.0/33]            | it must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32
                    cors: {origins: [a.org]}        | it must be an origin without a path, such as https://app.example.org, or *
                    cors: {origins: '*', credentials: true}   | credentials want origins by name, not *
                    cors: {origin: '*'}             | unknown key drover.sites.shop.cors.origin; did you mean drover.sites.shop.cors.origins?
                    rewrites: [{from: /a, to: /../b}]              | it must be a path within the site, such as /new/$1
                    security-headers: lax           | cannot use "lax", because it must be true, strict or false
                    listing: files                  | it must be true, false or patterns of directories, such as /files/**
                    listing: [/files]               | it must be true, false or patterns of directories, such as /files/**
                    auth: [{path: /a}]              | it must have users or users-file, or nobody could come in
                    auth: [{user: a}]               | did you mean drover.sites.shop.auth.users?
                    auth: [{users: ['anna:secret']}]   | drover.sites.shop.auth.users, because it must be NAME:HASH with a bcrypt hash of cost 4 to 14
                    auth: [{users-file: a, realm: 'a"b'}]   | realm must be at most 100 printable ASCII characters
                    hosts: ['a*.org']   | it must be a host name without a port, *.example.org or www.example.*
                    """)
    void what_is_wrong_is_named_with_its_line(String line, String message) {
        assertThatExceptionOfType(ConfigInvalid.class)
                .isThrownBy(() -> load("drover:\n  sites:\n    shop:\n      " + line + "\n"))
                .withMessageStartingWith("config/drover.yml:4: ")
                .withMessageContaining(message);
    }

    @Test
    void two_sites_cannot_have_the_same_host_or_both_be_the_default() {
        assertThatExceptionOfType(ConfigInvalid.class)
                .isThrownBy(() -> sites("a: {hosts: [x.org]}\n    b: {hosts: [x.org]}"))
                .withMessage("config/drover.yml:4: drover.sites.b wants the host x.org, as does a");
        assertThatExceptionOfType(ConfigInvalid.class)
                .isThrownBy(() -> sites("a: {default: true}\n    default: {hosts: [x.org]}"))
                .withMessage("config/drover.yml:4: drover.sites.default wants to be the default, as does a");
    }

    private static SiteProperties site(Map<String, SiteProperties> sites, String name) {
        assertThat(sites).containsKey(name);
        return java.util.Objects.requireNonNull(sites.get(name));
    }

    private Map<String, SiteProperties> sites(String lines) throws IOException {
        return load("drover:\n  sites:\n    " + lines + "\n");
    }

    private Map<String, SiteProperties> load(String text) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/drover.yml"), text);
        return new ConfigLoader(home, Map.of()).load(List.of()).properties().sites();
    }
}
