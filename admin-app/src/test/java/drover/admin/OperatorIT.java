package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators look at and try out, all with one farm; the last test calls all that there is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path DOCUMENTATION = Path.of("../docs/formats/api.md");
    private static final Path DOCUMENT = Path.of("src/main/openapi/openapi.json");

    private RunningDrover drover;
    private ApiClient api;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
        api = ApiClient.signedIn(drover);
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    // ---- one worker

    @Test
    void a_worker_is_shown_with_its_loops_its_memory_and_its_collections() throws Exception {
        var worker = api.json("/api/v1/workers/1");

        assertThat(worker.path("slot").asInt()).isEqualTo(1);
        assertThat(worker.path("state").asString()).isEqualTo("UP");
        assertThat(worker.path("loops").size()).isPositive();
        var loop = worker.path("loops").path(0);
        assertThat(loop.path("pid").asLong()).isEqualTo(worker.path("pid").asLong());
        assertThat(loop.path("heartbeatAgeSeconds").asDouble()).isBetween(0.0, 3.0);
        assertThat(loop.path("connections").path("idle").isNumber()).isTrue();
        var memory = worker.path("memory");
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.json("/api/v1/workers/1")
                                .path("memory")
                                .path("heapUsed")
                                .asLong()
                        > 0);
        assertThat(memory.path("heapMax").asLong()).isEqualTo(64L << 20);
        assertThat(memory.path("residentBytes").asLong()).isGreaterThan(1 << 20);
        assertThat(worker.path("gc").path("seconds").isNumber()).isTrue();
    }

    @Test
    void the_threads_of_a_worker_are_written_down_while_it_serves_on() throws Exception {
        var pid = api.worker(1).path("pid").asLong();

        var answer = api.get("/api/v1/workers/1/threads");

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(answer.body())
                .startsWith("Full thread dump")
                .contains("\"loop-0\"", "drover.engine.loop.EventLoop", "JNI global refs:");
        assertThat(api.worker(1).path("pid").asLong()).isEqualTo(pid);
    }

    @Test
    void the_threads_of_a_worker_that_is_stopped_are_not_waited_for_long() throws Exception {
        var pid = api.worker(2).path("pid").asLong();
        RunningDrover.signal("STOP", pid);
        try {
            var answer = api.get("/api/v1/workers/2/threads");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(detail(answer)).contains("did not write down its threads within 2 s");
        } finally {
            RunningDrover.signal("CONT", pid);
        }
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.worker(2).path("state").asString().equals("UP"));
    }

    @Test
    void the_cache_is_counted_whole_and_for_each_worker() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        }

        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var cache = api.json("/api/v1/cache");
            assertThat(cache.path("hits").asLong() + cache.path("misses").asLong())
                    .isGreaterThanOrEqualTo(4);
            assertThat(cache.path("entries").asLong()).isPositive();
            assertThat(cache.path("hitRatio").asDouble()).isBetween(0.0, 1.0);
            assertThat(cache.path("workers").size()).isEqualTo(2);
            assertThat(sum(cache.path("workers"), "misses"))
                    .isEqualTo(cache.path("misses").asLong());
        });
    }

    private static long sum(JsonNode all, String name) {
        long sum = 0;
        for (var one : all) {
            sum += one.path(name).asLong();
        }
        return sum;
    }

    // ---- logs

    @Test
    void logs_are_had_by_their_ids_and_nothing_else_is() throws Exception {
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(api.json("/api/v1/logs").toString())
                        .contains("\"access\"", "\"admin\"", "\"master\"", "\"worker-1\"", "\"worker-2\""));
        Files.writeString(drover.path("log/worker-0.log"), "canary\n");
        Files.writeString(drover.path("log/secret.log"), "canary\n");

        for (var id : List.of(
                "secret",
                "worker-0",
                "worker-1.log",
                "..%2fstate%2fusers.json",
                "%2e%2e",
                "admin.log",
                "access%00",
                "/etc/passwd",
                "..%5cadmin",
                "hs_err_worker-1_1")) {
            var answer = api.get("/api/v1/logs/" + id);
            assertThat(answer.statusCode()).as(id).isBetween(400, 404);
            assertThat(answer.body()).as(id).doesNotContain("canary", "root:");
        }
    }

    @Test
    void the_last_lines_of_a_log_are_searched_and_sorted_by_how_much_they_matter() throws Exception {
        var started = api.json("/api/v1/logs/admin?search=COMMAND");
        var last = api.json("/api/v1/logs/admin?lines=2");
        var wrong = api.json("/api/v1/logs/admin?level=error");

        assertThat(last.path("lines").size()).isLessThanOrEqualTo(2);
        for (var line : started.path("lines")) {
            assertThat(line.path("text").asString().toLowerCase(java.util.Locale.ROOT))
                    .contains("command");
        }
        for (var line : wrong.path("lines")) {
            assertThat(line.path("level").asString("ERROR")).isEqualTo("ERROR");
        }
        assertThat(api.get("/api/v1/logs/admin?level=loud").statusCode()).isEqualTo(400);
        assertThat(api.get("/api/v1/logs/admin?lines=0").statusCode()).isEqualTo(400);
    }

    @Test
    void hostile_bytes_of_clients_are_text() throws Exception {
        ApiClient.raw(
                drover.site("/").getPort(),
                "GET /<script>alert(1)</script> HTTP/1.1\r\nHost: x\r\nUser-Agent: \"\\><img onerror=x>\r\nConnection: close\r\n\r\n");

        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var lines = api.json("/api/v1/logs/access?search=onerror").path("lines");
            assertThat(lines.size()).isPositive();
            assertThat(lines.path(0).path("at").isString()).isTrue();
            assertThat(lines.path(0).path("text").asString()).contains("/<script>alert(1)</script>");
        });
    }

    @Test
    @Timeout(60)
    void a_tail_goes_on_over_a_rotation_and_sends_what_is_searched_for() throws Exception {
        var log = drover.path("log/worker-1.log");
        try (var stream = open("/api/v1/logs/worker-1/tail?search=needle", Optional.empty())) {
            stream.awaitComment();
            append(log, "2026-11-27T10:00:00Z WARN needle one \u001b[31m\nhay\n");
            var first = stream.next("line");
            Files.move(log, drover.path("log/worker-1.moved"));
            append(log, "needle two\n");
            var second = stream.next("line");
            append(log, "x".repeat(100_000) + "\nneedle three\n");
            var third = stream.next("line");

            assertThat(first.path("text").asString()).isEqualTo("needle one \\x1b[31m");
            assertThat(first.path("level").asString()).isEqualTo("WARN");
            assertThat(second.path("text").asString()).isEqualTo("needle two");
            assertThat(third.path("text").asString()).isEqualTo("needle three");
        } finally {
            Files.move(drover.path("log/worker-1.moved"), log, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void append(Path log, String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    // ---- the stream

    @Test
    @Timeout(60)
    void the_stream_tells_of_operations_and_events_and_is_gone_on_with_where_it_broke_off() throws Exception {
        String lastId;
        try (var stream = open("/api/v1/stream", Optional.empty())) {
            assertThat(stream.next("snapshot").path("workers").size()).isEqualTo(2);
            var operation = ApiClient.accepted(api.post("/api/v1/workers/rebalance"));
            var event = stream.next("event");
            lastId = stream.lastId();
            var begun = stream.next("operation");

            assertThat(event.path("kind").asString()).isEqualTo("command-accepted");
            assertThat("/api/v1/operations/" + begun.path("id").asString()).isEqualTo(operation);
            assertThat(lastId).isEqualTo(event.path("id").asString());
            api.awaitEnd(operation, "DONE");
        }

        try (var stream = open("/api/v1/stream", Optional.of(lastId))) {
            var missed = stream.next("event");

            assertThat(missed.path("id").asLong()).isGreaterThan(Long.parseLong(lastId));
            assertThat(missed.path("kind").asString()).isEqualTo("operation-ended");
        }
    }

    @Test
    @Timeout(60)
    void no_more_than_fifty_look_on_and_each_who_goes_makes_room() throws Exception {
        var streams = new ArrayList<Events>();
        try {
            await().atMost(RunningDrover.PATIENCE).until(() -> {
                var one = stream("/api/v1/stream", Optional.empty());
                if (one.statusCode() == 200) {
                    streams.add(new Events(one.body()));
                    return false;
                }
                var problem = new String(one.body().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(one.statusCode()).isEqualTo(503);
                assertThat(one.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(problem).contains("50 dashboards and logs are being watched already");
                return true;
            });
            assertThat(streams).hasSizeBetween(45, 50);
            streams.removeLast().close();
            await().atMost(RunningDrover.PATIENCE).until(() -> {
                try (var one = stream("/api/v1/stream", Optional.empty()).body()) {
                    return new String(one.readNBytes(3), StandardCharsets.UTF_8).equals("id:");
                }
            });
        } finally {
            for (var stream : streams) {
                stream.close();
            }
        }
    }

    private HttpResponse<InputStream> stream(String path, Optional<String> lastId)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(drover.dashboard(path)).header("Accept", "text/event-stream");
        lastId.ifPresent(id -> request.header("Last-Event-ID", id));
        return api.http().send(request.build(), BodyHandlers.ofInputStream());
    }

    private Events open(String path, Optional<String> lastId) throws IOException, InterruptedException {
        var answer = stream(path, lastId);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new Events(answer.body());
    }

    /** Server-sent events as they come. */
    private static final class Events implements AutoCloseable {

        private final java.io.BufferedReader lines;
        private String id = "";

        Events(InputStream body) {
            lines = new java.io.BufferedReader(new java.io.InputStreamReader(body, StandardCharsets.UTF_8));
        }

        String lastId() {
            return id;
        }

        void awaitComment() throws IOException {
            var line = lines.readLine();
            while (!line.startsWith(":")) {
                line = lines.readLine();
            }
        }

        /** The data of the next event of a name. */
        JsonNode next(String name) throws IOException {
            var event = "";
            while (true) {
                var line = lines.readLine();
                assertThat(line).as("the stream goes on").isNotNull();
                if (line.startsWith("id:")) {
                    id = line.substring("id:".length());
                } else if (line.startsWith("event:")) {
                    event = line.substring("event:".length());
                } else if (line.startsWith("data:") && event.equals(name)) {
                    return JSON.readTree(line.substring("data:".length()));
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    // ---- a configuration is rehearsed

    @Test
    void what_another_configuration_would_change_for_the_last_requests_is_listed() throws Exception {
        assertThat(ApiClient.fetch(drover.site("/?seen=of-late")).statusCode()).isEqualTo(200);
        var closed = """
                drover:
                  sites:
                    closed:
                      directory: default
                      default: true
                      redirects: [{from: "/", to: "/elsewhere", status: 302}]
                """;
        var generation = api.json("/api/v1/config").path("generation").asInt();

        var comparison = JSON.readTree(api.send("POST", "/api/v1/config/rehearse", "application/yaml", closed)
                .body());
        var same = JSON.readTree(api.send("POST", "/api/v1/config/rehearse", "application/yaml", "")
                .body());

        assertThat(comparison.path("requests").asInt()).isPositive();
        assertThat(comparison.path("compared").asInt())
                .isGreaterThanOrEqualTo(comparison.path("requests").asInt());
        assertThat(comparison.path("differences").toString())
                .contains(
                        "\"before\":{\"status\":200,\"location\":null},\"after\":{\"status\":302,\"location\":\"/elsewhere");
        assertThat(same.path("differences").size()).isZero();
        assertThat(api.json("/api/v1/config").path("generation").asInt()).isEqualTo(generation);

        var file = Files.writeString(drover.path("closed.yml"), closed);
        assertThat(drover.ask("config", "rehearse", file.toString()).output())
                .contains("/?seen=of-late: 200 -> 302 to /elsewhere?seen=of-late", "are answered otherwise");
    }

    @Test
    void a_configuration_that_cannot_be_used_is_not_rehearsed() throws Exception {
        var answer = api.send("POST", "/api/v1/config/rehearse", "application/yaml", "drover:\n  worker: 1\n");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("\"line\":2");
    }

    // ---- what the framework refuses

    @Test
    void every_refusal_is_a_problem_that_says_what_and_where_and_what_to_do() throws Exception {
        assertProblem(api.get("/api/v1/nothing"), 404, "There is nothing at /api/v1/nothing");
        assertProblem(api.get("/api/v1/workers/one"), 404, "There is nothing at /api/v1/workers/one");
        assertProblem(api.get("/api/v1/config/history/one"), 400, "number must be a whole number, not \"one\".");
        assertProblem(api.get("/api/v1/workers/rebalance"), 405, "GET is not taken here; POST");
        assertProblem(api.get("/api/v1/explain"), 400, "The parameter url is missing.");
        assertProblem(api.delete("/api/v1/status"), 405, "DELETE is not taken here; GET");
        assertProblem(api.send("PUT", "/api/v1/pool", "text/plain", "4"), 415, "The body must be application/json");
        assertProblem(api.send("PUT", "/api/v1/pool", "application/json", "{"), 400, "The body cannot be read: ");
        assertProblem(
                api.send(HttpRequest.newBuilder(drover.dashboard("/api/v1/status"))
                        .header("Accept", "image/png")
                        .build()),
                406,
                "The answer is not to be had");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String sentence) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(detail(answer)).contains(sentence);
        assertThat(JSON.readTree(answer.body()).path("instance").asString()).startsWith("/api/v1/");
    }

    private static String detail(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).path("detail").asString();
    }

    // ---- the documentation

    private static final Pattern CALL =
            Pattern.compile("^ {4}(GET|POST|PUT|PATCH|DELETE) {1,3}(/api/v1/[^\\s?]+)(\\S*)(.*)$", Pattern.MULTILINE);

    private record Call(String method, String path, String body) {

        String documented() {
            return method + " " + path.replaceAll("\\{[^}]*}", "{}");
        }
    }

    private static List<Call> calls() throws IOException {
        return CALL.matcher(Files.readString(DOCUMENTATION))
                .results()
                .map(call ->
                        new Call(call.group(1), call.group(2), call.group(4).strip()))
                .toList();
    }

    @Test
    void whatever_there_is_is_documented_and_nothing_else() throws Exception {
        var there = new TreeSet<String>();
        JSON.readTree(Files.readString(DOCUMENT))
                .path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry((method, _) -> there.add(
                        method.toUpperCase(java.util.Locale.ROOT) + " " + path.replaceAll("\\{[^}]*}", "{}"))));
        // Two doors are no controllers.
        there.addAll(List.of("POST /api/v1/login", "POST /api/v1/logout"));

        assertThat(calls().stream().map(Call::documented)).containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void every_call_of_the_documentation_runs() throws Exception {
        var operation = ApiClient.accepted(api.post("/api/v1/workers/rebalance"));
        var calls = calls();
        assertThat(calls).hasSizeGreaterThan(40);

        // Those that end the session go last.
        var inOrder = Stream.concat(
                        calls.stream().filter(call -> !call.path().matches(".*/(login|logout|session/password)")),
                        calls.stream().filter(call -> call.path().matches(".*/(login|logout|session/password)")))
                .toList();
        for (var call : inOrder) {
            var path = call.path()
                    .replace("{slot}", "2")
                    .replace("{n}", "1")
                    .replace("/operations/{id}", operation.substring("/api/v1".length()))
                    .replace("/logs/{id}", "/logs/admin")
                    .replaceAll("\\{[^}]*}", "none");
            int status = run(call, path);
            assertThat(status).as(call.toString()).isLessThan(500).isNotIn(405, 415);
        }
    }

    private int run(Call call, String path) throws IOException, InterruptedException {
        if (path.endsWith("/stream") || path.endsWith("/tail")) {
            try (var events = stream(path, Optional.empty()).body()) {
                return events.read() < 0 ? 500 : 200;
            }
        }
        var answer = call.method().equals("GET")
                ? api.get(path + (path.endsWith("/explain") ? "?url=localhost" : ""))
                : api.send(call.method(), path, type(call), body(call), "If-Match", "*");
        if (answer.statusCode() >= 400) {
            assertThat(answer.headers().firstValue("Content-Type"))
                    .as(call + " " + answer.body())
                    .contains("application/problem+json");
            assertThat(detail(answer)).as(call.toString()).isNotBlank().doesNotContain("There is nothing at");
        }
        return answer.statusCode();
    }

    private static String type(Call call) {
        if (call.path().matches("/api/v1/config(/(validate|rehearse))?")) {
            return "application/yaml";
        }
        return call.path().endsWith("/login") ? "application/x-www-form-urlencoded" : "application/json";
    }

    private static String body(Call call) {
        if (call.path().endsWith("/pool")) {
            return "{\"size\":2}";
        }
        return call.body().startsWith("{") ? "{}" : "";
    }
}
