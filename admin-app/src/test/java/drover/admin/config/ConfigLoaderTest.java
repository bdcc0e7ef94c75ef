package drover.admin.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class ConfigLoaderTest {

    @TempDir
    private Path home = Path.of("");

    @Test
    void an_empty_file_means_the_defaults() throws IOException {
        write("");

        var properties = load(Map.of());

        assertThat(properties.listen()).containsExactly("127.0.0.1:8080");
        assertThat(properties.workers()).isEqualTo(2);
        assertThat(properties.eventLoops()).isEqualTo(1);
        assertThat(properties.cacheSize()).isEqualTo(DataSize.ofMegabytes(32));
        assertThat(properties.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(properties.documentRoot()).isEqualTo(home.resolve("config/sites"));
        assertThat(properties.accessLogFile()).contains(home.resolve("var/log/access.log"));
        assertThat(properties.accessLogFormat()).isEqualTo("combined");
        assertThat(properties.accessLogRotateSize()).isEqualTo(DataSize.ofMegabytes(100));
        assertThat(properties.accessLogRotateEvery()).isZero();
        assertThat(properties.accessLogKeep()).isEqualTo(10);
        assertThat(properties.connectionsPerAddress()).isZero();
        assertThat(properties.proxyProtocol().trusted()).isEmpty();
        assertThat(properties.forwarded().trusted()).isEmpty();
        assertThat(properties.forwarded().header()).isEqualTo("X-Forwarded-For");
        assertThat(properties.logRotateSize()).isEqualTo(DataSize.ofMegabytes(10));
        assertThat(properties.logKeep()).isEqualTo(5);
        assertThat(properties.admin().address()).isEqualTo("127.0.0.1");
        assertThat(properties.admin().port()).isEqualTo(9090);
        assertThat(properties.admin().managementPort()).isEqualTo(9091);
        assertThat(properties.admin().passwordFile()).isEmpty();
    }

    @Test
    void the_file_that_is_delivered_is_accepted() {
        var delivered = Path.of("..").toAbsolutePath().normalize();

        var loaded = new ConfigLoader(delivered, Map.of()).load(List.of());

        assertThat(loaded.properties().workers()).isEqualTo(2);
    }

    @Test
    void arguments_win_over_the_environment_and_that_over_the_file() throws IOException {
        write("drover:\n  workers: 3\n  event-loops: 3\n  file-threads: 3\n");

        var properties = load(Map.of("DROVER_EVENT_LOOPS", "4", "DROVER_FILE_THREADS", "4"), "--drover.file-threads=5");

        assertThat(properties.workers()).isEqualTo(3);
        assertThat(properties.eventLoops()).isEqualTo(4);
        assertThat(properties.fileThreads()).isEqualTo(5);
    }

    @Test
    void the_environment_can_name_the_file_and_an_argument_another_one() throws IOException {
        write("drover:\n  workers: 3\n");
        var named = Files.writeString(home.resolve("named.yml"), "drover:\n  workers: 4\n");
        var asked = Files.writeString(home.resolve("asked.yml"), "drover:\n  workers: 5\n");

        assertThat(load(Map.of("DROVER_CONFIG", named.toString())).workers()).isEqualTo(4);
        assertThat(load(Map.of("DROVER_CONFIG", "named.yml")).workers()).isEqualTo(4);
        assertThat(load(Map.of("DROVER_CONFIG", named.toString()), "--config", asked.toString())
                        .workers())
                .isEqualTo(5);
    }

    @Test
    void every_key_can_be_set_by_environment() throws IOException {
        write("");

        var properties = load(Map.of(
                "DROVER_LISTEN", "127.0.0.1:1,[::1]:2",
                "DROVER_DOCUMENT_ROOT", "/srv",
                "DROVER_RUN_DIRECTORY", "/run/d",
                "DROVER_ACCESS_LOG", "off",
                "DROVER_ADMIN_PASSWORD_FILE", "secret",
                "DROVER_ADMIN_MANAGEMENT_PORT", "0",
                "DROVER_ADMIN_ALLOWED_HOSTS", "a.example,b.example"));

        assertThat(properties.listen()).containsExactly("127.0.0.1:1", "[::1]:2");
        assertThat(properties.documentRoot()).isEqualTo(Path.of("/srv"));
        assertThat(properties.runDirectory()).isEqualTo(Path.of("/run/d"));
        assertThat(properties.accessLogFile()).isEmpty();
        assertThat(properties.admin().passwordFile()).contains(home.resolve("secret"));
        assertThat(properties.admin().managementPort()).isZero();
        assertThat(properties.admin().allowedHosts()).containsExactly("a.example", "b.example");
    }

    @Test
    void proxies_are_addresses_and_blocks() throws IOException {
        write("drover:\n  proxy-protocol:\n    trusted: [10.0.0.0/8, \"::1\"]\n");

        var properties =
                load(Map.of("DROVER_FORWARDED_TRUSTED", "192.0.2.1,192.0.2.2"), "--drover.forwarded.header=Forwarded");

        assertThat(properties.proxyProtocol().trusted())
                .containsExactly(new AddressBlock("10.0.0.0/8"), new AddressBlock("::1"));
        assertThat(properties.forwarded().trusted())
                .containsExactly(new AddressBlock("192.0.2.1"), new AddressBlock("192.0.2.2"));
        assertThat(properties.forwarded().header()).isEqualTo("Forwarded");
    }

    @Test
    void a_misspelt_key_is_named_with_its_line_and_the_nearest_right_one() throws IOException {
        write("drover:\n  workers: 2\n  keep-alive-timout: 5s\n");

        refuses(Map.of())
                .withMessage("config/drover.yml:3: unknown key drover.keep-alive-timout; "
                        + "did you mean drover.keep-alive-timeout?");
    }

    @Test
    void a_misspelt_variable_is_named_with_the_nearest_right_one() throws IOException {
        write("");

        refuses(Map.of("DROVER_WORKER", "2"))
                .withMessage("environment: unknown key DROVER_WORKER; did you mean DROVER_WORKERS?");
    }

    @Test
    void a_key_beside_ours_is_refused() throws IOException {
        write("server:\n  port: 1\n");

        refuses(Map.of()).withMessage("config/drover.yml:2: unknown key server.port; every key stands under drover:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    workers: many           | drover.workers: cannot use "many", a whole number is wanted
                    workers: 0              | drover.workers "0" must be greater than or equal to 1
                    workers: 65             | drover.workers "65" must be less than or equal to 64
                    cache-size: big         | drover.cache-size: cannot use "big", a size is wanted, such as 64MB
                    cache-size: -1MB        | drover.cache-size must not be negative
                    keep-alive-timeout: 25d | drover.keep-alive-timeout must be at least 1ms and at most 24d
                    keep-alive-timeout: now | drover.keep-alive-timeout: cannot use "now", a duration is wanted, such as 30s or 5m
                    listen: 8080            | drover.listen must be ADDRESS:PORT or [ADDRESS]:PORT, at most 16 of them
                    drain-timeout: 11m      | drover.drain-timeout must not be negative and at most 10m
                    access-log-format: xml  | drover.access-log-format "xml" must be common, combined, vcombined or json
                    access-log-rotate-size: 1KB  | drover.access-log-rotate-size must be 0 or at least 1MB
                    access-log-rotate-every: 5s  | drover.access-log-rotate-every must be 0 or at least 1m
                    access-log-rotate-every: day | drover.access-log-rotate-every: cannot use "day", a duration is wanted, such as 30s or 5m
                    access-log-keep: 0      | drover.access-log-keep "0" must be greater than or equal to 1
                    connections-per-address: -1  | drover.connections-per-address "-1" must be greater than or equal to 0
                    proxy-protocol: {trusted: [10.0.0.0/33]} | drover.proxy-protocol.trusted: cannot use "10.0.0.0/33", because it must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32
                    forwarded: {trusted: [proxy]} | drover.forwarded.trusted: cannot use "proxy", because it must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32
                    forwarded: {header: Via}     | drover.forwarded.header "Via" must be X-Forwarded-For or Forwarded
                    access-log: a/b         | drover.access-log must be a file name without slashes, - or off
                    """)
    void a_bad_value_is_named_with_its_key_and_what_is_wanted(String line, String message) throws IOException {
        write("drover:\n  " + line + "\n");

        refuses(Map.of()).withMessageEndingWith(message);
    }

    @Test
    void a_bad_value_is_named_with_its_line() throws IOException {
        write("drover:\n\n  workers: many\n");

        refuses(Map.of()).withMessageStartingWith("config/drover.yml:3: ");
    }

    @Test
    void a_bad_value_of_the_environment_or_an_argument_is_named_with_its_source() throws IOException {
        write("");

        refuses(Map.of("DROVER_WORKERS", "x"))
                .withMessage("environment, DROVER_WORKERS: drover.workers: cannot use \"x\", a whole number is wanted");
        refuses(Map.of(), "--drover.workers=x")
                .withMessage("argument --drover.workers: drover.workers: cannot use \"x\", a whole number is wanted");
    }

    @Test
    void a_bad_value_within_admin_is_named_with_its_whole_key() throws IOException {
        write("drover:\n  admin:\n    port: 70000\n");

        refuses(Map.of()).withMessageContaining("drover.admin.port \"70000\" must be less than or equal to 65535");
    }

    @Test
    void an_openid_provider_is_given_whole_and_by_https() throws IOException {
        write(
                "drover:\n  admin:\n    oidc:\n      issuer: https://login.example.org/ops\n      client-id: drover\n      admins: [ops]\n");

        refuses(Map.of())
                .withMessageContaining("drover.admin.oidc.client-secret-file must be given together with issuer");
        var whole = Map.of("DROVER_ADMIN_OIDC_CLIENT_SECRET_FILE", "secret");
        assertThat(load(whole).admin().oidc().clientSecretFile()).contains(home.resolve("secret"));
        for (var issuer : List.of("http://login.example.org", "login.example.org", "https://login.example.org/?a=b")) {
            refuses(Map.of("DROVER_ADMIN_OIDC_CLIENT_SECRET_FILE", "secret", "DROVER_ADMIN_OIDC_ISSUER", issuer))
                    .withMessageContaining("drover.admin.oidc.issuer must be an address that begins with https://");
        }
        assertThat(load(Map.of(
                                "DROVER_ADMIN_OIDC_CLIENT_SECRET_FILE", "secret",
                                "DROVER_ADMIN_OIDC_ISSUER", "http://127.0.0.1:8080"))
                        .admin()
                        .oidc()
                        .issuer())
                .isPresent();
        refuses(Map.of("DROVER_ADMIN_OIDC_CLIENT_SECRET_FILE", "secret", "DROVER_ADMIN_OIDC_ADMINS", ""))
                .withMessageContaining("nobody could sign in by the issuer");
    }

    @Test
    void a_certificate_wants_its_key() throws IOException {
        write("drover:\n  admin:\n    tls:\n      certificate: dashboard.crt\n");

        refuses(Map.of()).withMessageContaining("drover.admin.tls.key must be given together with certificate");
        var tls = load(Map.of("DROVER_ADMIN_TLS_KEY", "dashboard.key")).admin().tls();
        assertThat(tls.certificate()).contains(home.resolve("dashboard.crt"));
        assertThat(tls.key()).contains(home.resolve("dashboard.key"));
    }

    @Test
    void a_key_without_any_below_it_is_as_good_as_none() throws IOException {
        write("drover:\n  # workers: 4\n");

        assertThat(new ConfigLoader(home, Map.of()).load(List.of()).properties().workers())
                .isEqualTo(2);
    }

    @Test
    void what_is_no_yaml_is_refused_in_one_line() throws IOException {
        write("drover: [\n");

        refuses(Map.of())
                .withMessageStartingWith("config/drover.yml:2: not valid YAML: ")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        refuses(Map.of(), "--config", "/nowhere.yml")
                .withMessage("/nowhere.yml: cannot be read; name another one with --config FILE");
    }

    @Test
    void an_argument_that_is_none_is_refused() throws IOException {
        write("");

        refuses(Map.of(), "--workers=3")
                .withMessage("unknown argument --workers=3; use --config FILE and --drover.KEY=VALUE");
    }

    private org.assertj.core.api.ThrowableAssertAlternative<ConfigInvalid> refuses(
            Map<String, String> environment, String... arguments) {
        return assertThatExceptionOfType(ConfigInvalid.class).isThrownBy(() -> load(environment, arguments));
    }

    private DroverProperties load(Map<String, String> environment, String... arguments) {
        return new ConfigLoader(home, environment).load(List.of(arguments)).properties();
    }

    private void write(String text) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/drover.yml"), text);
    }
}
