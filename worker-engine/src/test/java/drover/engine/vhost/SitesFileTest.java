package drover.engine.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SitesFileTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void sites_are_read_in_order_with_their_lists() throws IOException {
        var sites = read("""
                site.1.name=shop
                site.1.directory=shop/public
                site.1.default=false
                site.1.host.1=shop.org
                site.1.host.2=*.shop.org
                site.2.name=rest
                site.2.directory=rest
                site.2.default=true
                """);

        assertThat(sites)
                .extracting(ConfiguredSite::name, ConfiguredSite::isDefault)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("shop", false),
                        org.assertj.core.groups.Tuple.tuple("rest", true));
        assertThat(sites.getFirst().hosts()).containsExactly("shop.org", "*.shop.org");
    }

    @Test
    void an_empty_file_has_no_sites() throws IOException {
        assertThat(read("")).isEmpty();
    }

    @Test
    void what_is_wrong_is_said() {
        assertThatThrownBy(() -> read("site.1.name=a\n")).hasMessageContaining("missing key site.1.directory");
        assertThatThrownBy(() -> read("site.2.name=a\n")).hasMessageContaining("unknown key site.2.name");
        assertThatThrownBy(() -> SitesFile.read(directory.resolve("none")))
                .isInstanceOf(SitesFile.Invalid.class)
                .hasMessageContaining("cannot read");
    }

    private List<ConfiguredSite> read(String text) throws IOException {
        var file = directory.resolve("sites.properties");
        Files.writeString(file, text);
        return SitesFile.read(file);
    }
}
