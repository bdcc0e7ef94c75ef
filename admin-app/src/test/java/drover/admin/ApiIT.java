package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard's API and its doors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {

    private RunningDrover drover;

    @BeforeAll
    void start() throws Exception {
        drover = RunningDrover.start();
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/session",
                "/api/v1/status",
                "/api/v1/workers",
                "/api/v1/stream",
                "/api/v1/operations/1",
                "/api/v1/nothing"
            })
    void without_a_session_the_api_tells_nothing(String path) throws Exception {
        var response = new ApiClient(drover).get(path);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.body()).contains("\"detail\":\"Sign in first.\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "from=2026-11-27T02:00:00Z&to=2026-11-27T02:00:00Z",
                "from=100&to=50",
                "from=-1",
                "to=999999999999",
                "step=0",
                "step=many",
                "from=0&step=1"
            })
    void a_history_that_cannot_be_is_refused(String query) throws Exception {
        var response = ApiClient.signedIn(drover).get("/api/v1/history?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void a_history_of_long_ago_is_empty() throws Exception {
        var history = ApiClient.signedIn(drover).json("/api/v1/history?from=7&to=21&step=10");

        assertThat(history.path("from").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(history.path("to").asString()).isEqualTo("1970-01-01T00:00:30Z");
        assertThat(history.path("columns").path("requestsPerSecond").toString()).isEqualTo("[null,null,null]");
        assertThat(history.path("columns").size()).isEqualTo(7);
    }

    /** The dashboard's server may not run out of threads by clients who begin a request and leave it at that. */
    @Test
    @Timeout(60)
    void those_who_never_end_their_requests_hold_up_nobody() throws Exception {
        var unfinished = new ArrayList<Socket>();
        try {
            for (int client = 0; client < 50; client++) {
                var socket = new Socket(
                        drover.dashboard("/").getHost(), drover.dashboard("/").getPort());
                unfinished.add(socket);
                socket.getOutputStream()
                        .write(("POST /api/v1/login HTTP/1.1\r\nHost: "
                                        + drover.dashboard("/").getAuthority()
                                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                        + "Content-Length: 100\r\n\r\nusername=")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(ApiClient.signedIn(drover).get("/api/v1/status").statusCode())
                    .isEqualTo(200);
        } finally {
            for (var socket : unfinished) {
                socket.close();
            }
        }
    }

    @Test
    void without_the_csrf_header_no_command_is_taken() throws Exception {
        var api = ApiClient.signedIn(drover);
        var pid = api.worker(1).path("pid").asLong();

        var response = api.send(HttpRequest.newBuilder(drover.dashboard("/api/v1/workers/1/restart"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(api.worker(1).path("pid").asLong()).isEqualTo(pid);
    }

    @Test
    void a_viewer_sees_everything_and_commands_nothing() throws Exception {
        var users = drover.path("state/users.json");
        var before = Files.readString(users);
        var hash = JsonMapper.builder()
                .build()
                .readTree(before)
                .path("users")
                .path(0)
                .path("passwordHash");
        Files.writeString(users, """
                {"users":[{"name":"admin","passwordHash":%1$s,"roles":["admin"]},
                          {"name":"viewer","passwordHash":%1$s,"roles":["viewer"]}]}""".formatted(hash));
        try {
            var api = new ApiClient(drover);
            assertThat(api.login("viewer", RunningDrover.PASSWORD).statusCode()).isEqualTo(204);
            assertThat(api.get("/api/v1/session").body())
                    .isEqualTo(
                            "{\"user\":\"viewer\",\"roles\":[\"viewer\"],\"hasPassword\":true,\"passwordIsInitial\":false}");
            var pid = api.worker(1).path("pid").asLong();

            for (var command :
                    List.of("1/restart", "1/start", "1/stop", "1/drain", "1/kill", "rolling-restart", "rebalance")) {
                assertThat(api.post("/api/v1/workers/" + command).statusCode())
                        .as(command)
                        .isEqualTo(403);
            }
            assertThat(api.put("/api/v1/pool", "{\"size\":3}").statusCode()).isEqualTo(403);
            assertThat(api.delete("/api/v1/operations/1").statusCode()).isEqualTo(403);
            assertThat(api.worker(1).path("pid").asLong()).isEqualTo(pid);
            assertThat(api.json("/api/v1/operations").size()).isZero();
        } finally {
            Files.writeString(users, before);
        }
    }

    @Test
    void a_session_tells_who_it_is_and_ends_with_the_logout() throws Exception {
        var api = ApiClient.signedIn(drover);
        assertThat(api.get("/api/v1/session").body())
                .isEqualTo(
                        "{\"user\":\"admin\",\"roles\":[\"admin\"],\"hasPassword\":true,\"passwordIsInitial\":false}");

        var logout = api.post("/api/v1/logout");

        assertThat(logout.statusCode()).isEqualTo(204);
        assertThat(api.get("/api/v1/status").statusCode()).isEqualTo(401);
    }

    @Test
    void a_wrong_password_is_refused_with_a_sentence() throws Exception {
        var response = new ApiClient(drover).login("not this one");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("User name or password is wrong.");
    }

    @Test
    void the_dashboard_does_not_answer_to_foreign_names() throws Exception {
        int port = drover.dashboard("/").getPort();

        assertThat(ApiClient.raw(port, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
        assertThat(ApiClient.raw(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void pages_are_public_and_bring_their_protection() throws Exception {
        var page = new ApiClient(drover).get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self'", "frame-ancestors 'none'");
        var script = page.body().replaceFirst("(?s).*src=\"(/assets/[^\"]+\\.js)\".*", "$1");
        assertThat(new ApiClient(drover)
                        .get(script)
                        .headers()
                        .firstValue("Cache-Control")
                        .orElseThrow())
                .contains("immutable");
    }

    @Test
    void an_address_of_the_front_end_brings_its_page_and_a_missing_file_does_not() throws Exception {
        assertThat(new ApiClient(drover).get("/workers").body()).contains("<div id=\"root\">");
        assertThat(new ApiClient(drover).get("/missing.js").statusCode()).isEqualTo(404);
        assertThat(new ApiClient(drover).get("/actuator/health").body()).doesNotContain("\"status\"");
    }

    @Test
    void what_does_not_exist_is_a_problem_with_a_sentence() throws Exception {
        var api = ApiClient.signedIn(drover);

        var slot = api.post("/api/v1/workers/9/restart");
        var operation = api.get("/api/v1/operations/none");

        assertThat(slot.statusCode()).isEqualTo(404);
        assertThat(slot.body()).contains("There is no worker 9; the workers are 1 to 2.");
        assertThat(operation.statusCode()).isEqualTo(404);
        assertThat(operation.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void the_management_port_offers_three_things_and_no_more() throws Exception {
        assertThat(Stream.of("/actuator/health", "/actuator/info", "/actuator/prometheus")
                        .map(this::management))
                .containsOnly(200);
        assertThat(Stream.of(
                                "/actuator/env",
                                "/actuator/beans",
                                "/actuator/heapdump",
                                "/actuator/metrics",
                                "/api/v1/status")
                        .map(this::management))
                .doesNotContain(200);
    }

    @Test
    void a_crowd_that_scrapes_shares_answers_that_are_as_any_other() throws Exception {
        var scrapes = new ArrayList<HttpResponse<String>>();
        for (int scrape = 0; scrape < 30; scrape++) {
            scrapes.add(ApiClient.fetch(drover.management("/actuator/prometheus")));
        }
        var some = ApiClient.fetch(drover.management("/actuator/prometheus?includedNames=drover_worker_up"));

        assertThat(scrapes).allSatisfy(scrape -> {
            assertThat(scrape.statusCode()).isEqualTo(200);
            assertThat(scrape.body()).contains("drover_worker_up{worker=\"1\"}").endsWith("\n");
            assertThat(withoutTimes(scrape)).isEqualTo(withoutTimes(scrapes.getFirst()));
        });
        var made = scrapes.stream()
                .filter(scrape -> scrape.headers().firstValue("Age").isEmpty());
        var bodies = made.map(HttpResponse::body).toList();
        // Each that was made tells another time that admin is up.
        assertThat(bodies).doesNotHaveDuplicates().hasSizeBetween(1, 29);
        assertThat(scrapes)
                .filteredOn(scrape -> !bodies.contains(scrape.body()))
                .isEmpty();
        assertThat(some.body()).contains("drover_worker_up").doesNotContain("drover_http_requests");
    }

    /** The fields of an answer, but for what another one has another of. */
    private static Map<String, List<String>> withoutTimes(HttpResponse<String> answer) {
        var fields = new TreeMap<>(answer.headers().map());
        fields.keySet().removeAll(Set.of("date", "age", "content-length"));
        return fields;
    }

    private int management(String path) {
        try {
            return ApiClient.fetch(drover.management(path)).statusCode();
        } catch (java.io.IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    @Timeout(30)
    void the_stream_brings_a_snapshot_at_once_and_then_each_second_until_the_session_ends() throws Exception {
        var api = ApiClient.signedIn(drover);
        var stream = api.http()
                .send(HttpRequest.newBuilder(drover.dashboard("/api/v1/stream")).build(), BodyHandlers.ofLines());
        assertThat(stream.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        var lines = stream.body().filter(line -> line.startsWith("data:")).iterator();
        var json = JsonMapper.builder().build();

        var first = json.readTree(lines.next().substring("data:".length()));
        var second = json.readTree(lines.next().substring("data:".length()));
        api.post("/api/v1/logout");

        assertThat(first.path("status").path("workersWanted").asInt()).isEqualTo(2);
        assertThat(first.path("workers").size()).isEqualTo(2);
        assertThat(first.path("operations").isArray()).isTrue();
        assertThat(second.path("status").path("at").asString())
                .isGreaterThan(first.path("status").path("at").asString());
        await().atMost(10, TimeUnit.SECONDS).until(() -> {
            while (lines.hasNext()) {
                lines.next();
            }
            return true;
        });
    }
}
