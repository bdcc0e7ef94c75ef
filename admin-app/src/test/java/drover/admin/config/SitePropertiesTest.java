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
