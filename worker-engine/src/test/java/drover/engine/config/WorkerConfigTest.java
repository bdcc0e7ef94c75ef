package drover.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drover.engine.peer.AddressBlock;
import drover.engine.peer.Forwarding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigTest {

    private static final String WHOLE = """
            run-directory=/run/drover
            region=/run/drover/region
            document-root=/srv/sites
            loops=2
            file-threads=4
            file-queue=64
            cache-bytes=1048576
            meters=1
            keep-alive-millis=30000
            drain-millis=10000
            proxy-protocol-trusted=192.0.2.1,2001:db8::/32
            forwarded-trusted=
            forwarded-header=Forwarded
            connections-per-address=100
            access-log=/var/log/access.log
            access-log-format=json
            access-log-rotate-bytes=1000000
            access-log-rotate-millis=3600000
            access-log-keep=7
            sites=
            """;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("worker.properties");
    }

    @Test
    void the_file_and_the_place_are_read() throws IOException {
        var config = read(WHOLE);

        assertThat(config.slot()).isEqualTo(3);
        assertThat(config.seat()).isEqualTo(1);
        assertThat(config.documentRoot()).isEqualTo(Path.of("/srv/sites"));
        assertThat(config.keepAlive()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.clients())
                .isEqualTo(new ClientsConfig(
                        List.of(AddressBlock.of("192.0.2.1"), AddressBlock.of("2001:db8::/32")),
                        List.of(),
                        Forwarding.FORWARDED,
                        100));
        assertThat(config.accessLog())
                .contains(new AccessLogConfig(
                        Path.of("/var/log/access.log"), AccessLogFormat.JSON, 1_000_000, Duration.ofHours(1), 7));
    }

    @Test
    void an_empty_access_log_is_none() throws IOException {
        assertThat(read(WHOLE.replace("/var/log/access.log", "")).accessLog()).isEmpty();
    }

    @Test
    void sites_are_none_or_a_file() throws IOException {
        assertThat(read(WHOLE).sites()).isEmpty();
        assertThat(read(WHOLE.replace("sites=", "sites=/run/sites")).sites()).contains(Path.of("/run/sites"));
    }

    @ParameterizedTest
    @CsvSource({
        "loops=2, loops=0, loops must be a number from 1 to 64",
        "loops=2, loops=two, 'not \"two\"'",
        "loops=2, '', missing key loops",
        "loops=2, loop=2, missing key loops",
        "access-log-keep=7, access-log-keep=0, access-log-keep must be a number from 1 to 10000",
        "access-log-format=json, access-log-format=xml, 'must be one of common, combined, vcombined, json, not \"xml\"'",
        "forwarded-trusted=, forwarded-trusted=10.0.0.0/33, must be addresses and blocks with commas between",
        "forwarded-trusted=, 'forwarded-trusted=10.0.0.1,', must be addresses and blocks with commas between",
        "forwarded-header=Forwarded, forwarded-header=Via, 'must be X-Forwarded-For or Forwarded, not \"Via\"'",
        "file-queue=64, 'file-queue=64\nfile-que=1', unknown key file-que",
    })
    void what_is_wrong_is_said(String found, String written, String why) {
        assertThatThrownBy(() -> read(WHOLE.replace(found, written)))
                .isInstanceOf(WorkerConfig.Invalid.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    @Test
    void a_missing_argument_or_file_is_said() {
        assertThatThrownBy(() -> WorkerConfig.of("--slot", "1")).hasMessageContaining("missing --config");
        assertThatThrownBy(() -> WorkerConfig.of("--config", "/none", "--slot", "1", "--seat", "0"))
                .hasMessageContaining("cannot read /none");
    }

    private WorkerConfig read(String text) throws IOException {
        Files.writeString(file, text);
        return WorkerConfig.of("--config", file.toString(), "--slot", "3", "--seat", "1");
    }
}
