package drover.admin;

import static drover.admin.ApiClient.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What the supervisor promises, on real processes; one farm of two workers for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupervisionIT {

    private static final String ROLLING = "/api/v1/workers/rolling-restart";
    private static final Duration HANG_DEADLINE = Duration.ofSeconds(15);
    private static final int LARGER_THAN_BUFFERS = 32 << 20;

    private RunningDrover drover;
    private ApiClient api;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    @BeforeEach
    void two_workers_are_up() throws Exception {
        api = ApiClient.signedIn(drover);
        api.awaitEnd(accepted(scale(2)), "DONE");
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(states()).containsExactly("UP", "UP"));
    }

    // ---- rolling restart

    @Test
    void a_rolling_restart_replaces_all_is_noticed_by_nobody_and_runs_once_however_often_it_is_asked_for()
            throws Exception {
        var before = pids();
        var visitors = visitors();

        var operation = accepted(api.post(ROLLING));
        var again = accepted(api.post(ROLLING));
        api.awaitEnd(operation, "DONE");
        assertServed(visitors);

        assertThat(again).isEqualTo(operation);
        assertThat(api.json(operation).path("progress").toString()).isEqualTo("{\"done\":2,\"total\":2}");
        assertThat(api.json(operation).path("detail").asString()).isEqualTo("2 of 2 workers restarted");
        assertThat(pids()).doesNotContainAnyElementsOf(before).hasSize(2);
        assertThat(drover.pids("worker-engine")).hasSize(2);
    }

    @Test
    void an_aborted_rolling_restart_leaves_the_workers_whose_turn_has_not_come() throws Exception {
        api.awaitEnd(accepted(scale(3)), "DONE");
        var before = pids();

        var operation = accepted(api.post(ROLLING));
        var aborted = api.delete(operation);
        var again = api.delete(operation);

        assertThat(aborted.statusCode()).isEqualTo(202);
        assertThat(api.json(operation).path("state").asString()).isEqualTo("ABORTED");
        assertThat(api.json(operation).path("detail").asString()).startsWith("Aborted by admin after 0 of 3 workers");
        assertThat(again.statusCode()).isEqualTo(409);
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(states()).containsExactly("UP", "UP", "UP"));
        assertThat(pids()).contains(before.get(1), before.get(2));
    }

    @Test
    void the_next_admin_goes_on_with_a_rolling_restart() throws Exception {
        var before = pids();
        var visitors = visitors();

        var operation = accepted(api.post(ROLLING));
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> drover.pids("worker-engine").size() > 2
                        || api.json(operation).path("progress").path("done").asInt() > 0);
        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();
        drover.startAgain();
        api = ApiClient.signedIn(drover);
        api.awaitEnd(operation, "DONE");
        assertServed(visitors);

        assertThat(pids()).doesNotContainAnyElementsOf(before).hasSize(2);
        assertThat(drover.pids("worker-engine")).hasSize(2);
    }

    // ---- size

    @Test
    void the_pool_grows_and_shrinks_and_nobody_notices() throws Exception {
        var visitors = visitors();

        for (int size : List.of(4, 1, 3)) {
            var operation = accepted(scale(size));
            api.awaitEnd(operation, "DONE");
            assertThat(drover.pids("worker-engine")).hasSize(size);
            assertThat(states()).hasSize(size).containsOnly("UP");
        }
        assertServed(visitors);

        assertThat(api.json("/api/v1/status").path("workersWanted").asInt()).isEqualTo(3);
        assertThat(Scrape.of(drover).sum("drover_worker_up")).isEqualTo(3);
    }

    @Test
    void a_size_that_was_asked_for_outlives_admin() throws Exception {
        api.awaitEnd(accepted(scale(3)), "DONE");
        var before = pids();

        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();
        drover.startAgain();
        api = ApiClient.signedIn(drover);

        assertThat(pids()).isEqualTo(before);
        assertThat(drover.output()).contains("3 of 3 workers up");
    }

    @Test
    void a_size_that_cannot_be_is_refused() throws Exception {
        assertThat(scale(0).statusCode()).isEqualTo(400);
        assertThat(scale(65).body()).contains("The size must be 1 to 64, not 65.");
        assertThat(api.put("/api/v1/pool", "{\"size\":\"many\"}").statusCode()).isEqualTo(400);
        assertThat(states()).hasSize(2);
    }

    // ---- one slot

    @Test
    void a_stopped_worker_stays_stopped_until_it_is_started_whoever_is_admin() throws Exception {
        api.awaitEnd(accepted(api.post("/api/v1/workers/2/stop")), "DONE");
        assertThat(states()).containsExactly("UP", "STOPPED");
        assertThat(api.worker(2).path("wanted").asString()).isEqualTo("STOPPED");
        assertThat(drover.pids("worker-engine")).hasSize(1);

        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();
        drover.startAgain();
        api = ApiClient.signedIn(drover);
        assertThat(states()).containsExactly("UP", "STOPPED");
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);

        api.awaitEnd(accepted(api.post("/api/v1/workers/2/start")), "DONE");
        assertThat(states()).containsExactly("UP", "UP");
    }

    @Test
    void a_drained_worker_leaves_and_a_killed_one_is_replaced() throws Exception {
        var before = pids();

        api.awaitEnd(accepted(api.post("/api/v1/workers/1/drain")), "DONE");
        assertThat(states()).containsExactly("STOPPED", "UP");
        assertThat(api.post("/api/v1/workers/1/kill").statusCode()).isEqualTo(409);
        api.awaitEnd(accepted(api.post("/api/v1/workers/1/start")), "DONE");
        api.awaitEnd(accepted(api.post("/api/v1/workers/2/kill")), "DONE");

        assertThat(states()).containsExactly("UP", "UP");
        assertThat(pids()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void the_master_spreads_idle_connections_by_command() throws Exception {
        var operation = accepted(api.post("/api/v1/workers/rebalance"));

        api.awaitEnd(operation, "DONE");

        assertThat(api.json(operation).path("detail").asString()).contains("moved=");
    }

    // ---- what crashes

    @Test
    void the_report_of_a_killed_worker_names_the_request_that_it_was_at() throws Exception {
        api.awaitEnd(accepted(api.post(ROLLING)), "DONE"); // only of its own children admin learns the exit code
        try (var _ = slowDownload("/marked-for-death.bin")) {
            long askedNanos = System.nanoTime();
            int slot = slotThatWrites();
            var victim = api.worker(slot).path("pid").asLong();
            await().atMost(RunningDrover.PATIENCE)
                    .until(() ->
                            Duration.ofNanos(System.nanoTime() - askedNanos).toMillis() > 1500);

            RunningDrover.kill(victim);
            var report = reportOf(victim);

            double elapsed = (System.nanoTime() - askedNanos) / 1e9;
            assertThat(report.path("cause").asString()).isEqualTo("crash");
            assertThat(report.path("worker").path("slot").asInt()).isEqualTo(slot);
            assertThat(report.path("end").path("exitCode").asInt()).isEqualTo(137);
            assertThat(report.path("end").path("signal").asString()).isEqualTo("SIGKILL");
            assertThat(report.path("requestsInFlight").asInt()).isEqualTo(1);
            var request = report.path("inFlight").path(0);
            assertThat(request.path("path").asString()).isEqualTo("/marked-for-death.bin?…");
            assertThat(request.path("client").asString()).isEqualTo("127.0.0.1");
            assertThat(request.path("phase").asString()).isEqualTo("SENDING");
            assertThat(request.path("ageSeconds").asDouble()).isBetween(1.4, elapsed);
            assertThat(request.path("bytes").asLong()).isPositive();
            assertThat(report.path("lastMinute").size()).isPositive();
            assertThat(report.path("log").toString()).contains("worker ready");
            assertThat(report.toString()).doesNotContain("secret");
            assertNamed(report, "worker-crashed");
            assertShown(report, "SIGKILL");
        }
        assertThat(api.get("/api/v1/crashes/20200101T000000000-1").statusCode()).isEqualTo(404);
    }

    /** A client that reads no further than the head of what it gets. */
    private Socket slowDownload(String path) throws IOException {
        var file = drover.path("sites/default" + path);
        if (Files.notExists(file)) {
            Files.write(file, new byte[LARGER_THAN_BUFFERS]);
        }
        var client =
                new Socket(InetAddress.getLoopbackAddress(), drover.site("/").getPort());
        client.getOutputStream()
                .write("GET %s?token=secret HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        return client;
    }

    private int slotThatWrites() {
        return await().atMost(RunningDrover.PATIENCE)
                .until(
                        () -> workers().stream()
                                .filter(worker -> worker.path("connections")
                                                .path("writing")
                                                .asInt()
                                        > 0)
                                .mapToInt(worker -> worker.path("slot").asInt())
                                .findFirst()
                                .orElse(0),
                        slot -> slot > 0);
    }

    private JsonNode reportOf(long pid) throws IOException, InterruptedException {
        var id = await().atMost(HANG_DEADLINE)
                .until(
                        () -> StreamSupport.stream(api.json("/api/v1/crashes").spliterator(), false)
                                .filter(report ->
                                        report.path("worker").path("pid").asLong() == pid)
                                .map(report -> report.path("id").asString())
                                .findFirst()
                                .orElse(""),
                        found -> !found.isEmpty());
        return api.json("/api/v1/crashes/" + id);
    }

    private void assertNamed(JsonNode report, String kind) throws IOException, InterruptedException {
        assertThat(api.json("/api/v1/events?limit=1000")).anySatisfy(event -> {
            assertThat(event.path("kind").asString()).isEqualTo(kind);
            assertThat(event.path("crash").asString())
                    .isEqualTo(report.path("id").asString());
        });
    }

    private void assertShown(JsonNode report, String end) throws IOException, InterruptedException {
        var shown = drover.ask("crash", "show", report.path("id").asString());
        assertThat(shown.exitCode()).as(shown.output()).isZero();
        assertThat(shown.output())
                .contains("1 requests in flight", "127.0.0.1", "GET localhost/marked-for-death.bin", end);
        var listed = drover.ask("crash", "list");
        assertThat(listed.output()).contains(report.path("id").asString(), end);
    }

    // ---- what hangs

    @Test
    void a_stopped_process_is_found_asked_for_its_threads_and_replaced() throws Exception {
        try (var _ = slowDownload("/marked-for-death.bin")) {
            int slot = slotThatWrites();
            var victim = api.worker(slot).path("pid").asLong();

            hang(slot, victim);
            var report = reportOf(victim);

            assertThat(report.path("cause").asString()).isEqualTo("hang");
            assertThat(report.path("inFlight").path(0).path("path").asString()).isEqualTo("/marked-for-death.bin?…");
            assertThat(report.path("inFlight").path(0).path("client").asString())
                    .isEqualTo("127.0.0.1");
            assertThat(report.path("inFlight").path(0).path("ageSeconds").asDouble())
                    .isGreaterThan(2.9);
            await().atMost(RunningDrover.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(reportOf(victim).path("threads").toString())
                                    .contains("Full thread dump", "\\\"loop-0\\\""));
            await().atMost(RunningDrover.PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    reportOf(victim).path("end").path("at").isString())
                            .isTrue());
            assertNamed(report, "worker-hung");
        }
    }

    private void hang(int slot, long victim) throws IOException, InterruptedException {
        double hangs = hangs(slot);
        RunningDrover.signal("STOP", victim);
        await().atMost(HANG_DEADLINE)
                .until(() -> api.worker(slot).path("pid").asLong() != victim
                        && api.worker(slot)
                                .path("processes")
                                .path(0)
                                .path("state")
                                .asString()
                                .equals("UP"));
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(drover.pids("worker-engine")).doesNotContain(victim));

        assertThat(hangs(slot)).isEqualTo(hangs + 1);
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            try (var files = Files.list(drover.path("log"))) {
                var dump = files.filter(file -> file.getFileName().toString().endsWith("-pid" + victim + ".txt"))
                        .toList();
                assertThat(dump).hasSize(1);
                assertThat(Files.readString(dump.getFirst())).contains("Full thread dump", "\"loop-0\"");
            }
        });
    }

    private double hangs(int slot) throws IOException, InterruptedException {
        return Scrape.of(drover).sum("drover_worker_restarts_total", "worker=\"" + slot + "\"", "reason=\"hang\"");
    }

    @Test
    void a_pause_of_admin_kills_nobody() throws Exception {
        var before = drover.pids("");
        var admin = drover.adminPid(); // the command has become the JVM itself

        RunningDrover.signal("STOP", admin);
        await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        RunningDrover.signal("CONT", admin);

        await().during(Duration.ofSeconds(5))
                .atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(drover.pids("")).isEqualTo(before));
        assertThat(states()).containsExactly("UP", "UP");
    }

    // ---- what is seen

    private java.net.http.HttpResponse<String> scale(int size) throws IOException, InterruptedException {
        return api.put("/api/v1/pool", "{\"size\":%d}".formatted(size));
    }

    private List<JsonNode> workers() throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/workers").spliterator(), false)
                .toList();
    }

    private List<String> states() throws IOException, InterruptedException {
        return workers().stream().map(worker -> worker.path("state").asString()).toList();
    }

    private List<Long> pids() throws IOException, InterruptedException {
        return workers().stream().map(worker -> worker.path("pid").asLong()).toList();
    }

    /** Two who come anew with each request. */
    private List<Visitor> visitors() {
        var visitors = IntStream.range(0, 2)
                .mapToObj(_ -> Visitor.who(drover.site("/"), /* keepAlive= */ false))
                .toList();
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> visitors.stream().allMatch(visitor -> visitor.whole() >= 20));
        return visitors;
    }

    private static void assertServed(List<Visitor> visitors) throws InterruptedException {
        for (var visitor : visitors) {
            visitor.stop();
        }
        assertThat(visitors).allSatisfy(visitor -> {
            assertThat(visitor.broken()).isEmpty();
            assertThat(visitor.unanswered()).isZero();
        });
    }
}
