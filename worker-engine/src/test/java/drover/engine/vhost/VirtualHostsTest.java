package drover.engine.vhost;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualHostsTest {

    @TempDir
    Path documentRoot;

    @BeforeEach
    void createSites() throws IOException {
        for (var name : new String[] {"default", "example.org", "[__1]", ".git", "other"}) {
            Files.createDirectories(documentRoot.resolve(name));
        }
        Files.createDirectories(documentRoot.resolve("[::1]"));
        Files.createFile(documentRoot.resolve("file.org"));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.org, example.org",
        "example.org:8080, example.org",
        "example.org., example.org",
        "example.org.:80, example.org",
        "[::1]:8080, [::1]",
        "unknown.org, default",
        "file.org, default",
        "'', default",
        "., default",
        "..:80, default",
        ".git, default",
    })
    void a_host_has_the_site_of_its_name_or_the_default(String host, String site) {
        assertThat(find(new VirtualHosts(documentRoot), host)).isEqualTo(site);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.org, shop",
        "SHOP.ORG.:80, shop",
        "example.org, example.org",
        "www.example.org, any",
        "a.b.example.org, any",
        "x.www.example.org, long",
        "www.example.net, begin",
        "www.example.co.net, longer",
        "www.shop.org, begin-shop",
        "www.shop.example.org, any",
        ".example.org, others",
        "www.example., others",
        "unknown.org, others",
        "other, others",
        "shop, others",
    })
    void configured_hosts_are_found_as_nginx_finds_them(String host, String site) {
        var configured = List.of(
                configured("shop", "other", "shop.org"),
                configured("any", "any", "*.example.org"),
                configured("long", "long", "*.www.example.org"),
                configured("begin", "begin", "www.example.*"),
                configured("longer", "longer", "www.example.co.*"),
                configured("begin-shop", "begin", "www.shop.*"),
                new ConfiguredSite("others", "others", true, List.of("others"), SiteRules.NONE));

        assertThat(find(new VirtualHosts(documentRoot, configured), host)).isEqualTo(site);
    }

    @Test
    void a_directory_within_a_claimed_one_is_not_reached_by_the_claimed_ones_name() {
        var hosts = new VirtualHosts(documentRoot, List.of(configured("a", "example.org/public", "a.org")));

        assertThat(find(hosts, "example.org")).isEqualTo("default");
    }

    private static ConfiguredSite configured(String name, String directory, String host) {
        return new ConfiguredSite(name, directory, false, List.of(host), SiteRules.NONE);
    }

    @Test
    void without_a_default_an_unknown_host_has_no_site() throws IOException {
        Files.delete(documentRoot.resolve("default"));

        assertThat(find(new VirtualHosts(documentRoot), "unknown.org")).isEqualTo("none");
    }

    @Test
    void a_new_directory_is_a_new_site_and_a_removed_one_is_gone() throws IOException {
        var hosts = new VirtualHosts(documentRoot);
        Files.createDirectories(documentRoot.resolve("new.org"));
        Files.delete(documentRoot.resolve("other"));

        hosts.refresh();

        assertThat(find(hosts, "new.org")).isEqualTo("new.org");
        assertThat(find(hosts, "other")).isEqualTo("default");
    }

    @Test
    void a_document_root_that_is_gone_has_no_sites_until_it_is_back() throws IOException {
        var moved = documentRoot.resolveSibling(documentRoot.getFileName() + "-moved");
        var hosts = new VirtualHosts(documentRoot);

        Files.move(documentRoot, moved);
        hosts.refresh();
        var whileGone = find(hosts, "example.org");
        Files.move(moved, documentRoot);
        hosts.refresh();

        assertThat(whileGone).isEqualTo("none");
        assertThat(find(hosts, "example.org")).isEqualTo("example.org");
    }

    private static String find(VirtualHosts hosts, String host) {
        byte[] bytes = ("x" + host + "y").getBytes(US_ASCII);
        return hosts.find(bytes, 1, bytes.length - 1).map(Site::name).orElse("none");
    }
}
