package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.stats.Counter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the farm promises while admin runs: real processes, one farm for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FarmIT {

    private RunningDrover drover;
    private ApiClient api;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
        Files.createDirectories(drover.path("sites/docs.localhost"));
        Files.writeString(drover.path("sites/docs.localhost/index.html"), "<!doctype html><title>Docs</title>");
        api = ApiClient.signedIn(drover);
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    @BeforeEach
    void both_workers_are_up() {
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(
                        () -> assertThat(Stream.of(1, 2).map(this::state)).containsOnly("UP"));
    }

    @Test
    void the_site_is_served_by_host_name() throws Exception {
        var port = drover.site("/").getPort();

        var welcome = ApiClient.fetch(drover.site("/"));
        var other = ApiClient.raw(port, "GET / HTTP/1.1\r\nHost: docs.localhost\r\nConnection: close\r\n\r\n");

        assertThat(welcome.statusCode()).isEqualTo(200);
        assertThat(welcome.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(welcome.body()).contains("<title>Test</title>");
        assertThat(other).contains("<title>Docs</title>");
    }

    @Test
    void what_is_not_there_or_not_allowed_is_said() throws Exception {
        var missing = ApiClient.fetch(drover.site("/missing"));
        var posted = send(HttpRequest.newBuilder(drover.site("/"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow").orElseThrow()).startsWith("GET, HEAD");
    }

    @Test
    void prometheus_counts_every_request_and_connection_exactly() throws Exception {
        var before = Scrape.of(drover);

        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < 500; i++) {
                client.send(HttpRequest.newBuilder(drover.site("/")).build(), BodyHandlers.discarding());
            }
        }
        for (int i = 0; i < 50; i++) {
            ApiClient.fetch(drover.site("/missing"));
        }

        var after = Scrape.of(drover);
        assertThat(grown(before, after, "drover_http_requests_total", "code=\"2xx\""))
                .isEqualTo(500);
        assertThat(grown(before, after, "drover_http_requests_total", "code=\"4xx\""))
                .isEqualTo(50);
        assertThat(grown(before, after, "drover_http_requests_total")).isEqualTo(550);
        assertThat(grown(before, after, "drover_connections_accepted_total")).isEqualTo(51);
        assertThat(grown(before, after, "drover_connections_dispatched_total")).isEqualTo(51);
    }

    private static double grown(Scrape before, Scrape after, String metric, String... labels) {
        return after.sum(metric, labels) - before.sum(metric, labels);
    }

    @Test
    void every_counter_of_the_list_is_exported_and_shown() throws Exception {
        var scrape = Scrape.of(drover);
        var status = api.json("/api/v1/status").path("counters");
        var worker = api.worker(1).path("counters");

        for (var counter : Counter.values()) {
            var shown = counter.scope() == Counter.Scope.MASTER ? status : worker;
            assertThat(scrape.has(counter.metric())).as(counter.metric()).isTrue();
            assertThat(shown.has(counter.name().toLowerCase(Locale.ROOT)))
                    .as(counter.name())
                    .isTrue();
        }
    }

    @Test
    void a_killed_worker_is_replaced_while_the_other_serves() throws Exception {
        var victim = api.worker(1).path("pid").asLong();
        double crashes = crashes();

        var visitor = Visitor.who(drover.site("/"), /* keepAlive= */ false);
        awaitVisits(List.of(visitor), 20);
        RunningDrover.kill(victim);
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> state(1).equals("UP") && api.worker(1).path("pid").asLong() != victim);
        awaitVisits(List.of(visitor), 20);
        visitor.stop();

        assertThat(visitor.broken()).isEmpty();
        assertThat(crashes()).isEqualTo(crashes + 1);
        assertThat(Scrape.of(drover).sum("drover_worker_up")).isEqualTo(2);
    }

    private double crashes() throws IOException, InterruptedException {
        return Scrape.of(drover).sum("drover_worker_restarts_total", "worker=\"1\"", "reason=\"crash\"");
    }

    @Test
    void a_restart_is_noticed_by_no_visitor() throws Exception {
        var before = api.worker(2).path("pid").asLong();
        var visitors = List.of(
                Visitor.who(drover.site("/"), /* keepAlive= */ false),
                Visitor.who(drover.site("/"), /* keepAlive= */ false));
        awaitVisits(visitors, 20);

        var accepted = api.post("/api/v1/workers/2/restart");
        var operation = accepted.headers().firstValue("Location").orElseThrow();
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.json(operation).path("state").asString().equals("DONE"));
        awaitVisits(visitors, 20);
        for (var visitor : visitors) {
            visitor.stop();
        }

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(visitors).allSatisfy(visitor -> {
            assertThat(visitor.broken()).isEmpty();
            assertThat(visitor.unanswered()).isZero();
        });
        assertThat(api.worker(2).path("pid").asLong()).isNotEqualTo(before);
        assertThat(drover.pids("worker-engine")).hasSize(2);
    }

    @Test
    void totals_do_not_go_back_when_a_worker_is_restarted() throws Exception {
        for (int i = 0; i < 20; i++) {
            ApiClient.fetch(drover.site("/"));
        }
        var before = Scrape.of(drover);

        for (int round = 0; round < 3; round++) {
            var operation = api.post("/api/v1/workers/1/restart")
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            await().atMost(RunningDrover.PATIENCE)
                    .until(() -> api.json(operation).path("state").asString().equals("DONE"));
        }

        assertThat(Scrape.of(drover).sum("drover_http_requests_total"))
                .isEqualTo(before.sum("drover_http_requests_total"));
    }

    @Test
    void a_killed_master_is_replaced_at_the_same_address() throws Exception {
        var victim = api.json("/api/v1/status").path("master").path("pid").asLong();

        RunningDrover.kill(victim);
        await().atMost(RunningDrover.PATIENCE).until(() -> {
            var master = api.json("/api/v1/status").path("master");
            return master.path("state").asString().equals("UP")
                    && master.path("pid").asLong() != victim;
        });
        both_workers_are_up();

        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        assertThat(drover.pids("worker-engine")).hasSize(2);
    }

    private static void awaitVisits(List<Visitor> visitors, int more) {
        for (var visitor : visitors) {
            int now = visitor.whole();
            await().atMost(RunningDrover.PATIENCE).until(() -> visitor.whole() >= now + more);
        }
    }

    private String state(int slot) {
        try {
            return api.worker(slot).path("state").asString();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
