package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The commands of {@code ./drover} as a person and a script use them, all with one farm that each test leaves as it was. */
class CommandLineIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static RunningDrover drover;

    @BeforeAll
    static void start() throws Exception {
        drover = RunningDrover.start();
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void end() throws Exception {
        drover.close();
    }

    // ---- looking

    @Test
    void what_is_there_is_shown_for_people() throws Exception {
        assertThat(said("status"))
                .startsWith("Both workers are up.")
                .contains("admin   up, pid " + drover.adminPid(), "master  up, pid ", "worker  state");
        assertThat(said("health")).isEqualTo("ok: Both workers are up.\n");
        assertThat(said("logs", "--admin", "-n", "3").lines()).hasSize(3);
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(said("logs")).contains("\"GET / HTTP/1.1\" 200"));
    }

    @Test
    void what_is_there_is_shown_for_programs() throws Exception {
        var status = json("status", "-o", "json");
        assertThat(status.path("allUp").asBoolean()).isTrue();
        assertThat(status.path("adminPid").asLong()).isEqualTo(drover.adminPid());
        assertThat(status.path("workers").size()).isEqualTo(2);

        var workers = json("workers", "-o", "json");
        assertThat(workers.path(0).path("processes").path(0).path("state").asString())
                .isEqualTo("UP");
        assertThat(workers.path(0).has("requestsPerSecond")).isFalse();

        var top = json("top", "-o", "json");
        assertThat(top.path("seconds").asDouble()).isGreaterThan(0.9);
        assertThat(top.path("workers").path(1).path("heartbeatAgeSeconds").asDouble())
                .isLessThan(3);

        assertThat(json("health", "-o", "json").path("state").asString()).isEqualTo("ok");
        assertThat(json("logs", "--worker", "1", "-n", "1", "-o", "json")
                        .path("file")
                        .asString())
                .isEqualTo("worker-1.log");
    }

    // ---- commanding

    @Test
    void a_restart_tells_how_it_gets_on_until_it_is_done() throws Exception {
        var before = drover.pids("--slot\0001");

        var restart = said("restart", "1");

        assertThat(restart).startsWith("worker 1: ").containsPattern("\nworker 1 is up, after \\d+\\.\\d s\n$");
        assertThat(drover.pids("--slot\0001")).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(events())
                .anySatisfy(event -> {
                    assertThat(event.path("kind").asString()).isEqualTo("command-accepted");
                    assertThat(event.path("actor").asString()).isEqualTo("cli");
                    assertThat(event.path("detail").asString()).isEqualTo("restart 1");
                })
                .anySatisfy(event -> {
                    assertThat(event.path("kind").asString()).isEqualTo("operation-ended");
                    assertThat(event.path("cause").asString()).isEqualTo("done");
                });
    }

    @Test
    void the_pool_is_scaled_and_its_workers_stopped_and_started() throws Exception {
        var operation = json("scale", "3", "-o", "json");
        assertThat(operation.path("state").asString()).isEqualTo("DONE");
        assertThat(said("drain", "3")).contains("worker 3 is stopped, after ");
        assertThat(drover.ask("status").exitCode()).isEqualTo(1);
        assertThat(said("start", "3", "--no-wait")).startsWith("accepted as operation ");
        assertThat(said("stop", "3")).contains("worker 3 is stopped, after ");
        assertThat(said("scale", "2")).contains("2 workers are wanted and there");
        assertThat(said("restart")).contains("2 of 2 workers restarted, after ");
    }

    @Test
    void what_cannot_be_is_refused() throws Exception {
        var noSuchSlot = drover.ask("stop", "9");
        assertThat(noSuchSlot.output()).isEqualTo("drover: There is no worker 9; the workers are 1 to 2.\n");
        assertThat(noSuchSlot.exitCode()).isEqualTo(1);
        assertThat(drover.ask("scale", "99")).satisfies(answer -> {
            assertThat(answer.output()).isEqualTo("drover: The size must be 1 to 64, not 99.\n");
            assertThat(answer.exitCode()).isEqualTo(2);
        });
        assertThat(drover.ask("crash", "show", "../users")).satisfies(answer -> {
            assertThat(answer.output()).isEqualTo("drover: there is no crash report ../users\n");
            assertThat(answer.exitCode()).isEqualTo(1);
        });
        var wrong = drover.ask("restart", "1", "--rolling");
        assertThat(wrong.exitCode()).as(wrong.output()).isEqualTo(2);
        assertThat(wrong.output()).contains("Usage: drover restart");
        assertThat(events())
                .anySatisfy(event -> assertThat(event.path("kind").asString()).isEqualTo("command-refused"));
    }

    // ---- without admin

    @Test
    void without_admin_all_can_be_seen_and_a_hung_worker_has_that_name() throws Exception {
        double operations = Scrape.of(drover).sum("drover_admin_operations_total");
        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();
        try (var download = SlowDownload.of(drover, "/marked-download")) {
            standStillIn(download);
        }
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(
                        () -> assertThat(said("workers")).startsWith("admin is down; the farm serves without it"));
        assertThat(said("logs", "--admin")).isNotEmpty();
        assertThat(said("events")).contains("admin-started");

        var restart = drover.ask("restart", "1");
        assertThat(restart.exitCode()).isEqualTo(1);
        assertThat(restart.output()).startsWith("drover: admin is down, and nobody else takes commands");

        drover.startAgain();
        assertThat(said("status")).startsWith("Both workers are up.");
        assertThat(Scrape.of(drover).sum("drover_admin_operations_total")).isEqualTo(operations);
    }

    /** The worker that sends it hangs for a while: what it is at is told by top all the same. */
    private static void standStillIn(SlowDownload download) throws IOException, InterruptedException {
        var sender = new AtomicReference<JsonNode>(MissingNode.getInstance());
        await().atMost(RunningDrover.PATIENCE).until(() -> {
            sender.set(download.among(json("top", "-o", "json").path("inFlight")));
            return sender.get().path("bytes").asLong() > 0;
        });
        int slot = sender.get().path("worker").asInt();
        long hung = sender.get().path("pid").asLong();
        RunningDrover.signal("STOP", hung);
        try {
            await().atMost(RunningDrover.PATIENCE)
                    .untilAsserted(() -> assertThat(drover.ask("top", "--once").output())
                            .contains("admin   down; the farm serves without it")
                            .containsPattern(slot + " +HUNG +" + hung)
                            .containsPattern("(?m)^ +" + slot
                                    + "  sending +\\d.* 127\\.0\\.0\\.1 +GET localhost/marked-download\\?\\.{3}$")
                            .doesNotContain("secret"));
            var status = drover.ask("status");
            assertThat(status.exitCode()).isEqualTo(1);
            assertThat(status.output()).startsWith("1 of 2 workers is up; worker " + slot + " is hung.");
            assertThat(said("health"))
                    .isEqualTo("degraded: 1 of 2 workers is up; worker " + slot
                            + " is hung. Admin is down; the farm serves without it.\n");
        } finally {
            RunningDrover.signal("CONT", hung);
        }
    }

    @Test
    void the_api_of_the_socket_is_the_dashboards_and_nothing_else() throws Exception {
        var api = ApiClient.signedIn(drover);
        var latest = api.json("/api/v1/events?limit=1").path(0).path("id").asLong();
        assertThat(api.login("a wrong one").statusCode()).isEqualTo(401);
        assertThat(api.json("/api/v1/events?after=" + latest)
                        .path(0)
                        .path("kind")
                        .asString())
                .isEqualTo("login-refused");
        assertThat(api.get("/api/v1/events?limit=0").statusCode()).isEqualTo(400);
        assertThat(Files.getPosixFilePermissions(drover.path("run/admin.sock"))).hasSize(2);
    }

    // ---- what was said

    private static String said(String... command) throws IOException, InterruptedException {
        var answer = drover.ask(command);
        assertThat(answer.exitCode()).as(answer.output()).isZero();
        return answer.output();
    }

    private static JsonNode json(String... command) throws IOException, InterruptedException {
        return JSON.readTree(said(command));
    }

    private static List<JsonNode> events() throws IOException, InterruptedException {
        var api = ApiClient.signedIn(drover);
        return StreamSupport.stream(api.json("/api/v1/events").spliterator(), false)
                .toList();
    }
}
