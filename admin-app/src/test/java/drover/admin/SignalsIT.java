package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What admin does on signals. */
class SignalsIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static RunningDrover drover;

    @BeforeAll
    static void start() throws Exception {
        drover = RunningDrover.start();
    }

    @AfterAll
    static void end() throws Exception {
        drover.close();
    }

    @Test
    void usr2_restarts_all_workers() throws Exception {
        var before = drover.pids("worker-engine");

        signal("USR2");

        awaitEnd("rolling-restart: 2 of 2 workers restarted");
        assertThat(drover.pids("worker-engine")).hasSize(2).doesNotContainAnyElementsOf(before);
    }

    @Test
    void ttin_is_one_worker_more_and_ttou_one_less() throws Exception {
        signal("TTIN");
        awaitEnd("scale: 3 workers are wanted and there");
        assertThat(drover.pids("worker-engine")).hasSize(3);

        signal("TTOU");
        awaitEnd("scale: 2 workers are wanted and there");
        assertThat(drover.pids("worker-engine")).hasSize(2);
    }

    @Test
    void usr1_begins_the_logs_anew_and_a_moved_access_log_needs_no_signal() throws Exception {
        Files.move(drover.path("log/access.log"), drover.path("log/moved"), StandardCopyOption.ATOMIC_MOVE);

        signal("USR1");

        awaitEvent("logs-reopened", "");
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            assertThat(drover.path("log/admin.log.1")).isNotEmptyFile();
            assertThat(drover.path("log/master.log.1")).isNotEmptyFile();
            assertThat(drover.path("log/access.log")).exists();
        });
        assertThat(Files.readString(drover.path("log/admin.log"))).contains("logs begun anew actor=signal");
    }

    @Test
    void hup_reloads_and_ends_nothing() throws Exception {
        signal("HUP");

        awaitEvent("signal-received", "HUP");
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(Files.readString(drover.path("state/events.jsonl")))
                        .contains("reload: Nothing has changed; generation 1 runs on"));
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        assertThat(ProcessHandle.of(drover.adminPid())).isPresent();
    }

    @Test
    void a_second_interrupt_waits_for_nobody() throws Exception {
        try (var hurried = RunningDrover.start("--drover.workers=1", "--drover.drain-timeout=10m");
                var slow = new Socket(
                        hurried.site("/").getHost(), hurried.site("/").getPort())) {
            Files.write(hurried.path("sites/default/large"), new byte[64 << 20]);
            slow.getOutputStream().write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().read()).isEqualTo('H');

            RunningDrover.signal("INT", hurried.adminPid());
            await().atMost(RunningDrover.PATIENCE)
                    .until(() -> events(hurried).stream()
                            .anyMatch(event -> event.path("cause").asString("").equals("INT")));
            assertThat(hurried.pids("worker-engine")).hasSize(1);
            RunningDrover.signal("INT", hurried.adminPid());

            assertThat(hurried.awaitExit()).isEqualTo(130);
            assertThat(hurried.left()).isEmpty();
            assertThat(hurried.path("run")).doesNotExist();
            assertThat(events(hurried).getLast().path("kind").asString()).isEqualTo("admin-stopped");
        }
    }

    // ---- what came of it

    private static void signal(String name) throws IOException, InterruptedException {
        RunningDrover.signal(name, drover.adminPid());
    }

    /** Waits until an operation that a signal has begun is done. */
    private static void awaitEnd(String detail) {
        await(detail)
                .atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(events(drover)).anySatisfy(event -> {
                    assertThat(event.path("kind").asString()).isEqualTo("operation-ended");
                    assertThat(event.path("actor").asString()).isEqualTo("signal");
                    assertThat(event.path("cause").asString()).isEqualTo("done");
                    assertThat(event.path("detail").asString()).startsWith(detail);
                }));
    }

    private static void awaitEvent(String kind, String cause) {
        await(kind)
                .atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(events(drover)).anySatisfy(event -> {
                    assertThat(event.path("kind").asString()).isEqualTo(kind);
                    assertThat(event.path("actor").asString()).isEqualTo("signal");
                    assertThat(event.path("cause").asString("")).isEqualTo(cause);
                }));
    }

    /** From the file itself. */
    private static List<JsonNode> events(RunningDrover of) throws IOException {
        return Files.readString(of.path("state/events.jsonl"))
                .lines()
                .map(JSON::readTree)
                .toList();
    }
}
