package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import drover.engine.stats.Counter;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What the farm promises while admin runs: real processes, one farm for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FarmIT {

    private static final String SITE = "localhost";
    private static final String DOCS = "docs.localhost";

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

    // ---- totals, exactly

    /** One of everything for a host: its first line and fields, and what is counted for it. */
    private static Map<String, String> mix(String host, String vhost, String tag) {
        var mix = new LinkedHashMap<String, String>();
        mix.put("GET / HTTP/1.1\r\nHost: " + host, vhost + " GET 200");
        mix.put("HEAD / HTTP/1.1\r\nHost: " + host, vhost + " HEAD 200");
        mix.put("GET / HTTP/1.1\r\nHost: " + host + "\r\nIf-None-Match: " + tag, vhost + " GET 304");
        mix.put("GET / HTTP/1.1\r\nHost: " + host + "\r\nRange: bytes=0-3", vhost + " GET 206");
        mix.put("GET /missing HTTP/1.1\r\nHost: " + host, vhost + " GET 404");
        mix.put("POST / HTTP/1.1\r\nContent-Length: 0\r\nHost: " + host, vhost + " other 405");
        return mix;
    }

    /** Sends it all so many times in one connection, and as many times in a connection for each request. */
    private void send(Map<String, String> mix, int times) throws IOException {
        int port = drover.site("/").getPort();
        var kept = new StringBuilder();
        for (int i = 0; i < times; i++) {
            for (var head : mix.keySet()) {
                kept.append(head).append("\r\n\r\n");
                assertThat(ApiClient.raw(port, head + "\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 ");
            }
        }
        var last = "GET /missing HTTP/1.1\r\nConnection: close\r\nHost: nobody.example\r\n\r\n";
        assertThat(ApiClient.raw(port, kept + last).split("HTTP/1\\.1 ", -1)).hasSize(times * mix.size() + 2);
    }

    private String tag(String host) throws IOException {
        var answer = ApiClient.raw(
                drover.site("/").getPort(), "HEAD / HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\n\r\n");
        return answer.lines()
                .filter(line -> line.startsWith("ETag: "))
                .map(line -> line.substring("ETag: ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void totals_by_virtual_host_method_and_code_are_exact_whoever_is_killed_between() throws Exception {
        int times = 25;
        var mix = mix(SITE, "default", tag(SITE));
        mix.putAll(mix(DOCS, DOCS, tag(DOCS)));
        var before = settled();

        for (int round = 1; round <= 3; round++) {
            send(mix, times);

            long sent = 2L * times * round;
            var expected = new TreeMap<String, Long>();
            mix.values().forEach(counted -> expected.put(counted, sent));
            expected.put("default GET 404", sent + round); // nobody.example is served by the default site
            await().atMost(RunningDrover.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(Scrape.of(drover).requestsSince(before)).isEqualTo(expected));
            var after = Scrape.of(drover);
            assertThat(after.requestsSince(before)).isEqualTo(expected);
            double all = mix.size() * sent + round;
            assertThat(grown(before, after, "drover_http_requests_total")).isEqualTo(all);
            for (var histogram : List.of(
                    "drover_http_request_duration_seconds",
                    "drover_http_response_duration_seconds",
                    "drover_http_response_size_bytes")) {
                assertThat(grown(before, after, histogram + "_count")).isEqualTo(all);
                assertThat(grown(before, after, histogram + "_bucket", "le=\"+Inf\""))
                        .isEqualTo(all);
            }
            if (round < 3) {
                replaced(round);
            }
        }
    }

    /** What was asked for before is counted. */
    private Scrape settled() throws IOException, InterruptedException {
        var latest = new AtomicReference<>(Map.<String, Long>of());
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> latest.getAndSet(Scrape.of(drover).requests()).equals(latest.get()));
        return Scrape.of(drover);
    }

    /** Kills a worker, and waits for the next. */
    private void replaced(int slot) throws IOException, InterruptedException {
        long victim = api.worker(slot).path("pid").asLong();
        RunningDrover.kill(victim);
        await().atMost(RunningDrover.PATIENCE)
                .until(() ->
                        state(slot).equals("UP") && api.worker(slot).path("pid").asLong() != victim);
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
    void what_alerts_and_the_dashboard_ask_for_is_there() throws Exception {
        ApiClient.fetch(drover.site("/"));
        var names = RunningDrover.Answer.of(
                List.of(RunningDrover.COMMAND.resolveSibling("config/check").toString(), "--names"), List.of());

        assertThat(names.exitCode()).as(names.output()).isZero();
        assertThat(names.output().lines()).hasSizeGreaterThan(30);
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var scrape = Scrape.of(drover);
            assertThat(names.output().lines())
                    .allSatisfy(name -> assertThat(scrape.has(name)).as(name).isTrue());
        });
        assertThat(Scrape.of(drover).sum("drover_statistics_available")).isEqualTo(1);
        assertThat(Scrape.of(drover).sum("drover_worker_resident_memory_bytes")).isGreaterThan(2 << 20);
    }

    @Test
    void prometheus_own_tool_finds_no_fault() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
        var scrape = Scrape.of(drover).lines().stream()
                .filter(line -> line.startsWith("drover_") || line.contains(" drover_"))
                .collect(Collectors.joining("\n", "", "\n"));
        var file = Files.writeString(drover.path("scrape"), scrape);

        var found = RunningDrover.Answer.of(
                List.of("sh", "-c", "exec promtool check metrics < \"$1\"", "sh", file.toString()), List.of());

        assertThat(found.output()).isEmpty();
        assertThat(found.exitCode()).isZero();
    }

    @Test
    void virtual_hosts_are_shown_with_their_answers_and_percentiles() throws Exception {
        for (int i = 0; i < 20; i++) {
            ApiClient.fetch("HEAD", drover.site("/missing"));
        }

        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(answers("default", "HEAD", 404)).isEqualTo(20));
        var firstByte = vhost("default").path("firstByte");
        assertThat(firstByte.path("recent").path("requests").asLong()).isGreaterThanOrEqualTo(20);
        assertThat(firstByte.path("recentSeconds").asDouble()).isBetween(0.5, 11.0);
        for (var percentiles : List.of(
                firstByte.path("recent"),
                firstByte.path("sinceStart"),
                api.json("/api/v1/status").path("firstByte").path("sinceStart"))) {
            assertThat(percentiles.path("p50").asDouble()).isBetween(1e-7, 5.0);
            assertThat(percentiles.path("p999").asDouble())
                    .isGreaterThanOrEqualTo(percentiles.path("p99").asDouble());
        }
        assertThat(vhost("_other").path("requests").isNumber()).isTrue();
    }

    private JsonNode vhost(String name) throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/vhosts").spliterator(), false)
                .filter(vhost -> vhost.path("name").asString().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private long answers(String vhost, String method, int code) throws IOException, InterruptedException {
        return StreamSupport.stream(vhost(vhost).path("answers").spliterator(), false)
                .filter(answers -> answers.path("method").asString().equals(method)
                        && answers.path("code").asInt() == code)
                .mapToLong(answers -> answers.path("count").asLong())
                .sum();
    }

    @Test
    void a_request_is_shown_while_it_is_answered_also_by_a_worker_that_stands_still() throws Exception {
        try (var download = SlowDownload.of(drover, "/marked-download")) {
            await().atMost(RunningDrover.PATIENCE).until(() -> holder(download) > 0);
            int slot = holder(download);
            long pid = api.worker(slot).path("pid").asLong();
            RunningDrover.signal("STOP", pid);
            JsonNode request;
            try {
                request = download.among(
                        api.json("/api/v1/workers/" + slot + "/requests").path("inFlight"));
            } finally {
                RunningDrover.signal("CONT", pid);
            }

            assertThat(request.path("pid").asLong()).isEqualTo(pid);
            assertThat(request.path("phase").asString()).isEqualTo("SENDING");
            assertThat(request.path("method").asString()).isEqualTo("GET");
            assertThat(request.path("client").asString()).isEqualTo("127.0.0.1");
            assertThat(request.path("host").asString()).isEqualTo("localhost");
            assertThat(request.path("bytes").asLong()).isPositive();
            assertThat(request.path("ageSeconds").asDouble()).isBetween(0.0, 60.0);
        }
        assertThat(api.get("/api/v1/workers/9/requests").statusCode()).isEqualTo(404);
    }

    /** The worker that sends it, or 0. */
    private int holder(SlowDownload download) throws IOException, InterruptedException {
        for (int slot = 1; slot <= 2; slot++) {
            var requests = api.json("/api/v1/workers/" + slot + "/requests").path("inFlight");
            if (download.among(requests).path("bytes").asLong() > 0) {
                return slot;
            }
        }
        return 0;
    }

    @Test
    void what_a_worker_has_finished_is_shown_for_a_while() throws Exception {
        ApiClient.fetch(drover.site("/finished-lately"));

        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(Stream.of(1, 2)
                                .flatMap(this::finished)
                                .filter(request ->
                                        request.path("path").asString().equals("/finished-lately")))
                        .singleElement()
                        .satisfies(request -> {
                            assertThat(request.path("status").asInt()).isEqualTo(404);
                            assertThat(request.path("phase").asString()).isEqualTo("FINISHED");
                        }));
    }

    private Stream<JsonNode> finished(int slot) {
        try {
            return StreamSupport.stream(
                    api.json("/api/v1/workers/" + slot + "/requests")
                            .path("finished")
                            .spliterator(),
                    false);
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
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
        assertThat(Scrape.of(drover).sum("drover_admin_operations_total", "action=\"restart\"", "outcome=\"done\""))
                .isPositive();
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
