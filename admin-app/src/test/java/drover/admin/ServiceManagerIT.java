package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import drover.admin.shared.NotifySocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What systemd hears of a real Drover that it has started with {@code Type=notify}. */
class ServiceManagerIT {

    private static final String CONFIG = """
            drover:
              listen: 127.0.0.1:0
              document-root: DIR/sites
              workers: 2
            """;

    @Test
    void it_hears_ready_reloading_ready_and_stopping_with_the_time_that_may_take() throws Exception {
        var directory = RunningDrover.newDirectory();
        try (var systemd = new NotifyInbox(directory.resolve("notify"));
                var drover = RunningDrover.startService(directory, CONFIG, systemd.address())) {
            assertThat(systemd.next(RunningDrover.PATIENCE).lines())
                    .containsExactly("READY=1", "STATUS=2 of 2 workers up, configuration 1");
            assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
            assertThat(Stream.concat(drover.pids("worker-engine").stream(), drover.pids("drover-master").stream()))
                    .hasSize(3)
                    .allSatisfy(pid -> assertThat(environment(pid)).doesNotContain("NOTIFY_SOCKET"));

            var next =
                    CONFIG.replace("DIR", directory.toString()) + "  keep-alive-timeout: 20s\n  drain-timeout: 40s\n";
            Files.writeString(directory.resolve("drover.yml"), next);
            RunningDrover.signal("HUP", drover.adminPid());
            var reloading = systemd.next("RELOADING=1", RunningDrover.PATIENCE);
            var ready = systemd.next("READY=1", RunningDrover.PATIENCE);
            RunningDrover.signal("TERM", drover.adminPid());
            var stopping = systemd.next("STOPPING=1", RunningDrover.PATIENCE);

            assertThat(reloading.lines()).contains("STATUS=Rolling out configuration 2");
            assertThat(monotonic(reloading)).isBetween(1L, System.nanoTime() / 1000);
            assertThat(ready.lines()).contains("STATUS=2 of 2 workers up, configuration 2");
            assertThat(stopping.lines())
                    .containsExactly(
                            "STOPPING=1", "EXTEND_TIMEOUT_USEC=55000000", "STATUS=Finishing requests in flight");
            assertThat(drover.awaitExit()).isEqualTo(143);
        }
    }

    private static long monotonic(String message) {
        return message.lines()
                .filter(line -> line.startsWith("MONOTONIC_USEC="))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> environment(long pid) throws IOException {
        var variables = new String(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), StandardCharsets.UTF_8);
        return Stream.of(variables.split("\0", -1))
                .map(variable -> variable.split("=", 2)[0])
                .toList();
    }

    @Test
    void a_socket_that_nobody_hears_is_an_error_that_names_it() {
        for (var address : List.of("/nowhere/notify", "@drover-nobody-hears", "vsock:2:1", "/" + "a".repeat(107))) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> new NotifySocket(address).send("READY=1"))
                    .withMessageStartingWith("cannot notify " + address + ": ");
        }
    }
}
