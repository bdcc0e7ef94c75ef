package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressesTest {

    @TempDir
    private Path home = Path.of("");

    @BeforeEach
    void sites() throws IOException {
        Files.createDirectories(home.resolve("config/sites/default/img"));
        Files.createDirectories(home.resolve("config/sites/docs.example"));
        Files.createDirectories(home.resolve("var/log"));
        Files.writeString(home.resolve("config/sites/default/a b.html"), "");
        Files.writeString(home.resolve("config/sites/default/.hidden"), "");
    }

    @Test
    void each_site_is_asked_for_its_root_and_its_files() throws IOException {
        assertThat(addresses("drover:\n  sites:\n    shop:\n      hosts: [\"*.shop\"]\n"))
                .extracting(Address::toString)
                .containsExactlyInAnyOrder(
                        "http://localhost/healthz",
                        "http://any.shop/",
                        "http://localhost/",
                        "http://localhost/a%20b.html",
                        "http://localhost/img/",
                        "http://docs.example/");
    }

    @Test
    void what_was_found_of_late_is_asked_for_with_its_host_where_the_log_has_it() throws IOException {
        var line = " - - [23/Nov/2026:08:00:00 +0000] \"GET %s HTTP/1.1\" %d 12 \"-\" \"curl\"\n";
        log("docs.example:8080 192.0.2.1" + line.formatted("/found?a=b", 200)
                + "docs.example:8080 192.0.2.1" + line.formatted("/lost", 404)
                + "docs.example:8080 192.0.2.1" + line.formatted("/odd\\x22", 200));

        assertThat(addresses("drover:\n  access-log-format: vcombined\n"))
                .contains(new Address("docs.example", "/found?a=b"))
                .noneMatch(address -> address.path().matches("/(lost|odd).*"));
    }

    @Test
    void json_lines_have_a_host_too() throws IOException {
        log("{\"ts\":\"t\",\"host\":\"docs.example:80\",\"method\":\"GET\",\"uri\":\"/found\",\"proto\":\"HTTP/1.1\","
                + "\"status\":200,\"bytes_sent\":1}\n");

        assertThat(addresses("drover:\n  access-log-format: json\n")).contains(new Address("docs.example", "/found"));
    }

    @Test
    void of_a_log_without_hosts_a_path_is_asked_of_several_sites() throws IOException {
        log("192.0.2.1 - - [23/Nov/2026:08:00:00 +0000] \"GET /found HTTP/1.1\" 200 12 \"-\" \"curl\"\n");

        assertThat(addresses("drover:\n"))
                .contains(new Address("docs.example", "/found"), new Address("localhost", "/found"));
    }

    private void log(String lines) throws IOException {
        Files.writeString(home.resolve("var/log/access.log"), lines);
    }

    private List<Address> addresses(String config) throws IOException {
        Files.writeString(home.resolve("config/drover.yml"), config);
        return Addresses.of(new ConfigLoader(home, Map.of()).load(List.of()).properties());
    }
}
