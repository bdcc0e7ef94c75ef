package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.admin.Calls.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who gets through the doors of the admin plane: one farm, whose dashboard speaks TLS, and everything that might be tried. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecurityIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String VIEWER_PASSWORD = "a viewer looks on quietly";
    private static final String OPERATOR_PASSWORD = "an operator turns wheels";

    /** What strangers may call: how one signs in is for them, and when nobody signs out nothing happens. */
    private static final List<String> OPEN = List.of("GET /api/v1/login", "POST /api/v1/logout");

    /** What somebody does for himself, whatever his role. */
    private static final List<String> ONES_OWN =
            List.of("POST /api/v1/login", "POST /api/v1/logout", "POST /api/v1/session/password");

    private static final Map<String, String> FIELDS_OF_EVERY_ANSWER = Map.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin");

    private final List<Call> calls = Calls.all();
    private final List<Call> changing = calls.stream().filter(Call::changes).toList();
    private final AtomicInteger addresses = new AtomicInteger();

    private Path files;
    private RunningDrover drover;
    private ApiClient admin;
    private ApiClient operator;
    private ApiClient viewer;

    @BeforeAll
    void start() throws Exception {
        files = RunningDrover.newDirectory();
        var tls = Certificate.in(files);
        drover = RunningDrover.start(
                "--drover.admin.tls.certificate=" + tls.certificate(),
                "--drover.admin.tls.key=" + tls.key(),
                "--drover.admin.trusted-proxies=127.2.0.0/16,::1");
        admin = signIn("admin", RunningDrover.PASSWORD);
        addUser("olga", "operator", OPERATOR_PASSWORD);
        addUser("vera", "viewer", VIEWER_PASSWORD);
        operator = signIn("olga", OPERATOR_PASSWORD);
        viewer = signIn("vera", VIEWER_PASSWORD);
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
        RunningDrover.delete(files);
    }

    private void addUser(String name, String role, String password) throws IOException, InterruptedException {
        var answer = send(
                admin,
                "POST",
                "/api/v1/users",
                "{\"name\":\"%s\",\"role\":\"%s\",\"password\":\"%s\"}".formatted(name, role, password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** From an address of its own, so that nobody's failures are anybody else's. */
    private ApiClient stranger() {
        int next = addresses.incrementAndGet();
        return new ApiClient(drover, "127.1.%d.%d".formatted(next / 200, next % 200 + 1));
    }

    private ApiClient signIn(String user, String password) throws IOException, InterruptedException {
        var client = stranger();
        assertThat(client.login(user, password).statusCode()).isEqualTo(204);
        assertThat(client.get("/api/v1/session").statusCode()).isEqualTo(200);
        return client;
    }

    private static HttpResponse<String> send(ApiClient who, String method, String path, String json)
            throws IOException, InterruptedException {
        return who.send(method, path, "application/json", json);
    }

    /** A call as it is meant to be made. */
    private static HttpResponse<String> make(ApiClient who, Call call) throws IOException, InterruptedException {
        return call.changes() ? who.send(call.method(), call.path(), call.type(), "{}") : who.get(call.path());
    }

    // ---- every call there is

    @Test
    void the_walk_knows_all_calls() {
        assertThat(calls).hasSizeGreaterThan(35);
        assertThat(calls.stream().map(Call::toString))
                .contains("POST /api/v1/workers/{slot}/restart", "PUT /api/v1/config", "GET /api/v1/stream")
                .contains("DELETE /api/v1/tokens/{id}", "GET /api/v1/audit", "POST /api/v1/login");
        assertThat(calls.stream().map(Call::route)).allMatch(route -> route.startsWith("/api/v1/"));
    }

    @Test
    void nobody_gets_anything_who_has_not_signed_in() throws Exception {
        var stranger = stranger();
        stranger.get("/api/v1/session");

        for (var call : calls) {
            var answer = make(stranger, call);

            if (!OPEN.contains(call.toString())) {
                assertThat(answer.statusCode()).as(call + ": " + answer.body()).isIn(401, 403);
            }
            assertProtected(call.toString(), answer);
        }
        for (var page : List.of("/", "/workers", "/index.html")) {
            var answer = stranger.get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(200);
            assertProtected(page, answer);
        }
        assertThat(stranger.get("/error").statusCode()).isEqualTo(401);
        assertThat(stranger.send("POST", "/", "application/json", "{}").statusCode())
                .isEqualTo(401);
    }

    private static void assertProtected(String what, HttpResponse<String> answer) {
        var fields = answer.headers();
        FIELDS_OF_EVERY_ANSWER.forEach((name, value) ->
                assertThat(fields.allValues(name)).as(what + ": " + name).containsExactly(value));
        assertThat(fields.firstValue("Content-Security-Policy").orElse(""))
                .as(what)
                .contains("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'");
        assertThat(fields.firstValue("Cache-Control").orElse(""))
                .as(what)
                .containsAnyOf("no-store", "no-cache", "immutable");
        assertThat(fields.map().keySet()).as(what).noneMatch(name -> name.startsWith("access-control-"));
        assertThat(fields.map().keySet()).as(what).doesNotContain("strict-transport-security", "server");
    }

    @Test
    void no_change_is_made_that_another_page_could_have_asked_for() throws Exception {
        for (var call : changing) {
            var path = drover.dashboard(call.path());
            var body = BodyPublishers.ofString("{}");
            var withoutToken = HttpRequest.newBuilder(path)
                    .header("Content-Type", call.type())
                    .method(call.method(), body)
                    .build();

            assertRefused(call + " without the token", 403, admin.send(withoutToken));
            for (var field : List.of(
                    "Origin=https://evil.example",
                    "Origin=null",
                    "Origin=" + drover.site("/").toString().replaceFirst("/$", ""),
                    "Sec-Fetch-Site=cross-site",
                    "Sec-Fetch-Site=same-site")) {
                var part = field.split("=", 2);
                assertRefused(
                        call + " with " + field,
                        403,
                        admin.send(call.method(), call.path(), call.type(), "{}", part[0], part[1]));
            }
            assertRefused(call + " as text", 415, admin.send(call.method(), call.path(), "text/plain", "{}"));
            var looking = calls.stream().filter(other -> !other.changes()).toList();
            if (looking.stream().noneMatch(other -> other.answers(call.path()))) {
                assertRefused(call + " by GET", 405, admin.get(call.path()));
            }
        }
    }

    private static void assertRefused(String what, int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(what + ": " + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(what)
                .startsWith("application/problem+json");
        assertProtected(what, answer);
    }

    @Test
    void our_own_pages_may_call() throws Exception {
        var origin = drover.dashboard("/").toString().replaceFirst("/$", "");

        var answer = admin.send(
                "POST",
                "/api/v1/workers/99/restart",
                "application/json",
                "",
                "Origin",
                origin,
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    }

    @Test
    void by_a_foreign_name_nobody_answers() throws Exception {
        var cookies = "Cookie: JSESSIONID=" + admin.cookie("JSESSIONID") + "; XSRF-TOKEN=" + admin.csrfToken()
                + "\r\nX-XSRF-TOKEN: " + admin.csrfToken() + "\r\n";
        for (var call : Stream.concat(calls.stream(), Stream.of(new Call("GET", "/", "")))
                .toList()) {
            var answer = raw("%s %s HTTP/1.1\r\nHost: evil.example\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .formatted(call.method(), call.path(), cookies));

            assertThat(answer).as(call.toString()).startsWith("HTTP/1.1 421 ").contains("nosniff", "frame-ancestors");
        }
    }

    private String raw(String request) throws IOException {
        try (var socket = (SSLSocket) Certificate.trustingAny()
                .getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), drover.dashboard("/").getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_viewer_changes_nothing_and_each_of_his_calls_is_on_record() throws Exception {
        var others = changing.stream()
                .filter(call -> !ONES_OWN.contains(call.toString()))
                .toList();
        long before = lastAudited();

        for (var call : others) {
            assertRefused(call.toString(), 403, make(viewer, call));
        }

        var lines = audited(before);
        assertThat(lines).hasSameSizeAs(others);
        assertThat(IntStream.range(0, others.size()).boxed()).allSatisfy(i -> {
            var line = lines.get(i);
            assertThat(line.path("user").asString()).isEqualTo("vera");
            assertThat(line.path("address").asString()).startsWith("127.1.");
            assertThat(line.path("target").asString()).isEqualTo(others.get(i).path());
            assertThat(line.path("outcome").asString()).isEqualTo("refused");
            assertThat(line.path("detail").asString()).contains("your role does not allow this");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /users", "POST /users", "GET /audit", "PUT /config", "POST /config/rehearse"})
    void an_operator_is_no_admin(String call) throws Exception {
        var part = call.split(" ", 2);
        var path = "/api/v1" + part[1];

        var answer = part[0].equals("GET") ? operator.get(path) : send(operator, part[0], path, "{}");

        assertRefused(call, 403, answer);
    }

    @Test
    void an_operator_operates() throws Exception {
        assertThat(send(operator, "POST", "/api/v1/workers/99/restart", "").statusCode())
                .isEqualTo(404);
        assertThat(viewer.get("/api/v1/status").statusCode()).isEqualTo(200);
        assertThat(viewer.get("/api/v1/workers/1/threads").statusCode()).isEqualTo(403);
        assertThat(viewer.json("/api/v1/session").toString())
                .isEqualTo(
                        "{\"user\":\"vera\",\"roles\":[\"viewer\"],\"hasPassword\":true,\"passwordIsInitial\":true}");
    }

    @Test
    void no_origin_is_given_leave_to_read() throws Exception {
        for (var origin :
                List.of("null", "https://evil.example", "http://localhost", "http://127.0.0.1:1", "file://")) {
            var answer = admin.send(HttpRequest.newBuilder(drover.dashboard("/api/v1/status"))
                    .header("Origin", origin)
                    .build());
            var preflight = admin.send(HttpRequest.newBuilder(drover.dashboard("/api/v1/status"))
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "PUT")
                    .method("OPTIONS", BodyPublishers.noBody())
                    .build());

            assertRefused(origin, 403, answer);
            assertRefused(origin, 403, preflight);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/status;x=1",
                "//api/v1/status",
                "/api//v1/status",
                "/assets/../api/v1/status",
                "/assets/%2e%2e/api/v1/status",
                "/api/v1/%2e/status",
                "/api%2fv1/status",
                "/api/v1/status%00",
                "/API/v1/status"
            })
    void no_other_writing_of_an_address_leads_in(String path) throws Exception {
        var answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|401|404|200) .*").doesNotContain("workersWanted");
    }

    // ---- passwords

    @Test
    void what_is_tried_first_opens_nothing() throws Exception {
        var pairs = Stream.of("admin", "root", "user", "drover")
                .flatMap(user -> Stream.of("", user, "password", "changeme").map(password -> List.of(user, password)))
                .toList();

        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var pair : pairs) {
                answers.add(threads.submit(
                        () -> stranger().login(pair.get(0), pair.get(1)).statusCode()));
            }
        }

        for (var answer : answers) {
            assertThat(answer.get()).isEqualTo(401);
        }
    }

    @Test
    @Order(10)
    void ten_thousand_guesses_are_hardly_looked_at_and_keep_nobody_else_out() throws Exception {
        var guesser = stranger();
        guesser.get("/api/v1/session");
        double before = Scrape.of(drover).sum("drover_admin_logins_total", "outcome=\"wrong\"");

        var answers = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (int guess = 0; guess < 10_000; guess++) {
                // One user, and any other; and the address of the login in another writing.
                var form = "username=%s&password=guess%d".formatted(guess % 2 == 0 ? "admin" : "user" + guess, guess);
                var path = guess % 3 == 0 ? "/api/v1/%6Cogin" : "/api/v1/login";
                answers.add(threads.submit(() -> guesser.send("POST", path, "application/x-www-form-urlencoded", form)
                        .statusCode()));
            }
        }

        assertThat(Scrape.of(drover).sum("drover_admin_logins_total", "outcome=\"wrong\"") - before)
                .isBetween(1.0, 20.0);
        var statuses = new HashSet<Integer>();
        for (var answer : answers) {
            statuses.add(answer.get());
        }
        assertThat(statuses).contains(429).isSubsetOf(401, 415, 429);
        var refused = guesser.login("admin", RunningDrover.PASSWORD);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers()
                        .firstValue("Retry-After")
                        .map(Integer::parseInt)
                        .orElseThrow())
                .isBetween(1, 900);
        assertThat(signIn("admin", RunningDrover.PASSWORD).get("/api/v1/status").statusCode())
                .isEqualTo(200);
    }

    @Test
    void only_a_proxy_that_is_named_is_believed_whom_it_speaks_for() throws Exception {
        long before = lastAudited();

        for (var from : List.of("127.2.0.1", "127.3.0.1")) {
            var client = new ApiClient(drover, from);
            client.get("/api/v1/session");
            client.send(
                    "POST",
                    "/api/v1/login",
                    "application/x-www-form-urlencoded",
                    "username=paula&password=wrong",
                    "X-Forwarded-For",
                    "198.51.100.1, 192.0.2.77");
        }

        assertThat(audited(before))
                .extracting(line -> line.path("address").asString())
                .containsExactly("192.0.2.77", "127.3.0.1");
    }

    // ---- sessions

    @Test
    void a_session_has_a_new_id_after_each_login_and_none_after_the_logout() throws Exception {
        var client = stranger();
        client.get("/api/v1/session");
        assertThat(client.cookie("JSESSIONID")).isEmpty();
        var ids = new ArrayList<String>();
        for (int login = 0; login < 5; login++) {
            var answer = client.login("admin", RunningDrover.PASSWORD);
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .filteredOn(cookie -> cookie.startsWith("JSESSIONID="))
                    .singleElement()
                    .asString()
                    .contains("HttpOnly", "Secure", "SameSite=Strict");
            ids.add(client.cookie("JSESSIONID"));
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(withSession("made-up-by-somebody").statusCode()).isEqualTo(401);
        assertThat(withSession(ids.getFirst()).statusCode()).isEqualTo(401);
        assertThat(withSession(ids.getLast()).statusCode()).isEqualTo(200);
        client.get("/api/v1/session");

        assertThat(client.post("/api/v1/logout").statusCode()).isEqualTo(204);

        assertThat(withSession(ids.getLast()).statusCode()).isEqualTo(401);
    }

    /** A request of somebody who has got hold of a session's id. */
    private HttpResponse<String> withSession(String id) throws IOException, InterruptedException {
        try (var client =
                HttpClient.newBuilder().sslContext(Certificate.trustingAny()).build()) {
            return client.send(
                    HttpRequest.newBuilder(drover.dashboard("/api/v1/status"))
                            .header("Cookie", "JSESSIONID=" + id)
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    @Test
    @Timeout(60)
    void a_changed_password_ends_every_other_session_and_its_streams() throws Exception {
        addUser("paul", "operator", "first of all passwords");
        var here = signIn("paul", "first of all passwords");
        var there = signIn("paul", "first of all passwords");
        var stream = there.http()
                .send(HttpRequest.newBuilder(drover.dashboard("/api/v1/stream")).build(), BodyHandlers.ofLines());
        var change = "{\"current\":\"%s\",\"next\":\"%s\"}";

        assertThat(changePassword(here, change.formatted("not this one", "another long sentence")))
                .isEqualTo(403);
        assertThat(changePassword(here, change.formatted("first of all passwords", "short")))
                .isEqualTo(400);
        assertThat(changePassword(here, change.formatted("first of all passwords", "Passw0rd!2026")))
                .isEqualTo(400);
        assertThat(there.get("/api/v1/status").statusCode()).isEqualTo(200);
        assertThat(changePassword(here, change.formatted("first of all passwords", "another long sentence")))
                .isEqualTo(204);

        assertThat(here.json("/api/v1/session").path("passwordIsInitial").asBoolean())
                .isFalse();
        assertThat(there.get("/api/v1/status").statusCode()).isEqualTo(401);
        await("the other session's stream ends").atMost(RunningDrover.PATIENCE).until(() -> ends(stream.body()));
        assertThat(stranger().login("paul", "first of all passwords").statusCode())
                .isEqualTo(401);
    }

    private static int changePassword(ApiClient who, String json) throws IOException, InterruptedException {
        return send(who, "POST", "/api/v1/session/password", json).statusCode();
    }

    private static boolean ends(Stream<String> lines) {
        try {
            lines.forEach(_ -> {});
            return true;
        } catch (UncheckedIOException cut) {
            return true;
        }
    }

    @Test
    void users_come_and_go_and_an_admin_stays() throws Exception {
        addUser("nina", "viewer", "nina was here before you");
        var nina = signIn("nina", "nina was here before you");

        assertThat(send(admin, "POST", "/api/v1/users", """
                {"name":"Nina","role":"viewer","password":"nina was here before you"}""").statusCode()).isEqualTo(409);
        assertThat(send(admin, "POST", "/api/v1/users", """
                {"name":"../x","role":"viewer","password":"nina was here before you"}""").statusCode()).isEqualTo(400);
        assertThat(send(admin, "POST", "/api/v1/users", """
                {"name":"cli","role":"viewer","password":"nina was here before you"}""").statusCode()).isEqualTo(409);
        var changed = send(admin, "PATCH", "/api/v1/users/nina", "{\"role\":\"operator\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.body()).contains("\"role\":\"operator\"").doesNotContain("assword", "$2");
        assertThat(nina.get("/api/v1/status").statusCode()).isEqualTo(401);
        assertThat(send(admin, "PATCH", "/api/v1/users/admin", "{\"role\":\"viewer\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(send(admin, "DELETE", "/api/v1/users/admin", "").statusCode())
                .isEqualTo(409);
        var again = signIn("nina", "nina was here before you");
        assertThat(send(admin, "DELETE", "/api/v1/users/nina", "").statusCode()).isEqualTo(204);
        assertThat(again.get("/api/v1/status").statusCode()).isEqualTo(401);
        assertThat(send(admin, "DELETE", "/api/v1/users/nina", "").statusCode()).isEqualTo(404);
        assertThat(admin.json("/api/v1/users").toString())
                .contains("\"name\":\"admin\",\"role\":\"admin\"")
                .doesNotContain("nina", "$2");
    }

    // ---- tokens

    @Test
    void a_token_opens_the_api_as_far_as_its_role_goes_without_any_session() throws Exception {
        var made = JSON.readTree(
                send(operator, "POST", "/api/v1/tokens", "{\"name\":\"deploy\",\"role\":\"operator\",\"days\":30}")
                        .body());
        var secret = made.path("secret").asString();

        var looked = withToken("GET", "/api/v1/status", secret);
        var operated = withToken("POST", "/api/v1/workers/99/restart", secret);

        assertThat(secret).matches("drover_[A-Za-z0-9_-]{43}");
        assertThat(looked.statusCode()).isEqualTo(200);
        assertThat(operated.statusCode()).isEqualTo(404);
        assertThat(Stream.of(looked, operated))
                .allSatisfy(answer ->
                        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty());
        assertThat(withToken("GET", "/api/v1/users", secret).statusCode()).isEqualTo(403);
        assertThat(withToken("POST", "/api/v1/tokens", secret).statusCode()).isEqualTo(403);
        assertThat(withToken("POST", "/api/v1/logout", secret).statusCode()).isEqualTo(409);
        assertThat(withToken("GET", "/", secret).statusCode()).isEqualTo(403);
        assertThat(withToken("GET", "/api/v1/session", secret).body())
                .isEqualTo(
                        "{\"user\":\"olga\",\"roles\":[\"operator\"],\"hasPassword\":false,\"passwordIsInitial\":false}");
        var shown = operator.json("/api/v1/tokens").toString();
        assertThat(shown)
                .contains(made.path("id").asString(), "\"lastUsedAt\":\"20")
                .doesNotContain(secret, "hash");
        assertThat(Files.readString(drover.path("state/tokens.json"))).doesNotContain(secret.substring(7));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(drover.path("state/tokens.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    @Timeout(60)
    void a_token_is_worth_nothing_from_the_moment_it_is_revoked() throws Exception {
        var made = token(operator, "viewer");
        var secret = made.path("secret").asString();
        var stream = tokenClient().sendAsync(request("GET", "/api/v1/stream", secret), BodyHandlers.ofLines());
        assertThat(stream.get().statusCode()).isEqualTo(200);
        assertThat(withToken("POST", "/api/v1/workers/99/restart", secret).statusCode())
                .isEqualTo(403);

        var byAnother =
                send(viewer, "DELETE", "/api/v1/tokens/" + made.path("id").asString(), "");
        var revoked =
                send(operator, "DELETE", "/api/v1/tokens/" + made.path("id").asString(), "");

        assertThat(byAnother.statusCode()).isEqualTo(403);
        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(204);
        var answer = withToken("GET", "/api/v1/status", secret);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        await("the token's stream ends")
                .atMost(RunningDrover.PATIENCE)
                .until(() -> ends(stream.get().body()));
    }

    @Test
    void a_token_goes_with_its_owner_and_never_may_more_than_he() throws Exception {
        addUser("otto", "admin", "otto is not for long here");
        var otto = signIn("otto", "otto is not for long here");
        var secret = token(otto, "admin").path("secret").asString();
        assertThat(withToken("GET", "/api/v1/users", secret).statusCode()).isEqualTo(200);

        send(admin, "PATCH", "/api/v1/users/otto", "{\"role\":\"viewer\"}");
        assertThat(withToken("GET", "/api/v1/users", secret).statusCode()).isEqualTo(403);
        assertThat(withToken("GET", "/api/v1/status", secret).statusCode()).isEqualTo(200);
        send(admin, "DELETE", "/api/v1/users/otto", "");

        assertThat(withToken("GET", "/api/v1/status", secret).statusCode()).isEqualTo(401);
        assertThat(admin.json("/api/v1/tokens").toString()).doesNotContain("otto");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"x\",\"role\":\"admin\",\"days\":30} 403",
                "{\"name\":\"x\",\"role\":\"king\",\"days\":30} 400",
                "{\"name\":\"x\",\"role\":\"viewer\",\"days\":0} 400",
                "{\"name\":\"x\",\"role\":\"viewer\",\"days\":367} 400",
                "{\"name\":\" \",\"role\":\"viewer\",\"days\":1} 400",
                "{} 400",
                "[] 400"
            })
    void a_token_that_cannot_be_is_refused(String json) throws Exception {
        int cut = json.lastIndexOf(' ');

        var answer = send(operator, "POST", "/api/v1/tokens", json.substring(0, cut));

        assertRefused(json, Integer.parseInt(json.substring(cut + 1)), answer);
    }

    private JsonNode token(ApiClient who, String role) throws IOException, InterruptedException {
        var made = send(who, "POST", "/api/v1/tokens", "{\"name\":\"one\",\"role\":\"%s\",\"days\":1}".formatted(role));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return JSON.readTree(made.body());
    }

    private static HttpClient tokenClient() {
        return HttpClient.newBuilder().sslContext(Certificate.trustingAny()).build();
    }

    private HttpRequest request(String method, String path, String secret) {
        return HttpRequest.newBuilder(drover.dashboard(path))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(method.equals("GET") ? "" : "{}"))
                .build();
    }

    private HttpResponse<String> withToken(String method, String path, String secret)
            throws IOException, InterruptedException {
        try (var client = tokenClient()) {
            return client.send(request(method, path, secret), BodyHandlers.ofString());
        }
    }

    // ---- the audit log

    private long lastAudited() throws IOException, InterruptedException {
        return admin.json("/api/v1/audit?limit=1").path(0).path("id").asLong();
    }

    private List<JsonNode> audited(long after) throws IOException, InterruptedException {
        return admin.json("/api/v1/audit?limit=1000&after=" + after)
                .valueStream()
                .toList();
    }

    private String lastLine() throws IOException {
        return Files.readAllLines(drover.path("state/audit.jsonl")).getLast();
    }

    @Test
    void a_change_is_on_record_before_its_answer_arrives() throws Exception {
        for (int call = 0; call < 100; call++) {
            var path = "/api/v1/workers/99/restart?call=" + call;

            assertThat(send(operator, "POST", path, "").statusCode()).isEqualTo(404);

            assertThat(lastLine()).contains("\"target\":\"" + path + "\"");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(drover.path("state/audit.jsonl"))))
                .isEqualTo("rw-------");
    }

    @Test
    void the_record_says_who_did_what_to_what_with_which_result() throws Exception {
        long before = lastAudited();
        var hostile = stranger();
        hostile.login("evil%0A%7B%22id%22%3A1%7D%1B%5B31m%C2%85", "wrong");
        addUser("anna", "viewer", "anna has a long password");
        var anna = signIn("anna", "anna has a long password");
        anna.post("/api/v1/logout");
        send(admin, "PATCH", "/api/v1/users/anna", "{\"role\":\"operator\"}");
        send(admin, "PUT", "/api/v1/pool", "{\"size\":2}");
        send(admin, "PUT", "/api/v1/pool", "{\"size\":0}");

        var lines = audited(before);
        assertThat(lines)
                .extracting(line -> Stream.of("user", "action", "outcome", "detail")
                        .map(name -> line.path(name).asString(""))
                        .toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .containsExactly(
                                        "evil\n{\"id\":1}\u001b[31m\u0085",
                                        "login",
                                        "refused",
                                        "User name or password was wrong. Failure 1."),
                        line -> assertThat(line)
                                .containsExactly("admin", "POST /api/v1/users", "accepted", "User anna, role viewer."),
                        line -> assertThat(line).containsExactly("anna", "login", "accepted", "Signed in."),
                        line -> assertThat(line).containsExactly("anna", "logout", "accepted", ""),
                        line -> assertThat(line)
                                .containsExactly(
                                        "admin",
                                        "PATCH /api/v1/users/{name}",
                                        "accepted",
                                        "User anna: role viewer to operator."),
                        line -> assertThat(line).startsWith("admin", "PUT /api/v1/pool", "accepted"),
                        line -> assertThat(line).startsWith("admin", "PUT /api/v1/pool", "refused"));
        assertThat(lines.get(5).path("detail").asString()).matches("operation \\S+, workers 2 to 2");
        assertThat(lines.get(6).path("detail").asString()).isNotEmpty();
        assertThat(Files.readString(drover.path("state/audit.jsonl"), StandardCharsets.US_ASCII))
                .doesNotContain("long password", "\u001b");
    }

    @Test
    void secrets_are_nowhere_but_in_the_answers_that_give_them() throws Exception {
        var secret = token(admin, "viewer").path("secret").asString();
        withToken("GET", "/api/v1/status", secret);

        var texts = new ArrayList<String>();
        for (var directory : List.of("state", "log", "run")) {
            try (var found = Files.walk(drover.path(directory))) {
                for (var file : found.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        texts.add(ApiClient.fetch(drover.management("/actuator/prometheus")).body());
        for (var call : calls) {
            if (!call.changes()
                    && !call.route().endsWith("/stream")
                    && !call.route().endsWith("/tail")) {
                texts.add(admin.get(call.path()).body());
            }
        }

        assertThat(texts).noneMatch(text -> text.contains(secret) || text.contains(RunningDrover.PASSWORD));
    }

    // ---- TLS

    @Test
    void a_new_certificate_is_taken_up_under_load_and_nobody_notices() throws Exception {
        var before = presented();
        var asking = new AtomicBoolean(true);
        try (var thread = Executors.newSingleThreadExecutor()) {
            var asked = thread.submit(() -> {
                int answers = 0;
                while (asking.get()) {
                    try (var client = tokenClient()) { // a new connection each
                        var answer = client.send(
                                HttpRequest.newBuilder(drover.dashboard("/")).build(), BodyHandlers.ofString());
                        assertThat(answer.statusCode()).isEqualTo(200);
                        answers++;
                    }
                }
                return answers;
            });

            Certificate.in(files);
            try {
                await("another certificate")
                        .atMost(RunningDrover.PATIENCE)
                        .until(() -> !presented().equals(before));
            } finally {
                asking.set(false);
            }
            assertThat(asked.get()).isPositive();
            assertThat(cipherSuiteOf("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"))
                    .isEqualTo("TLS_AES_256_GCM_SHA384");
        }
    }

    @Test
    void the_dashboard_chooses_the_cipher_suite() throws Exception {
        assertThat(cipherSuiteOf("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"))
                .isEqualTo("TLS_AES_256_GCM_SHA384");
    }

    /** What is agreed upon with a client that likes these, the first best. */
    private String cipherSuiteOf(String... liked) throws IOException {
        try (var socket = tlsSocket()) {
            socket.setEnabledCipherSuites(liked);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    private SSLSocket tlsSocket() throws IOException {
        return (SSLSocket) Certificate.trustingAny()
                .getSocketFactory()
                .createSocket(
                        InetAddress.getLoopbackAddress(), drover.dashboard("/").getPort());
    }

    private X509Certificate presented() throws IOException {
        try (var socket = tlsSocket()) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    // ---- the management port

    @Test
    void the_actuator_has_three_endpoints_in_any_writing() throws Exception {
        var there = List.of("health", "info", "prometheus");
        var ids = List.of(
                "auditevents",
                "beans",
                "caches",
                "conditions",
                "configprops",
                "env",
                "flyway",
                "heapdump",
                "httpexchanges",
                "integrationgraph",
                "jolokia",
                "liquibase",
                "logfile",
                "loggers",
                "mappings",
                "metrics",
                "quartz",
                "sbom",
                "scheduledtasks",
                "sessions",
                "shutdown",
                "startup",
                "threaddump",
                "refresh",
                "restart",
                "pause",
                "gateway",
                "hawtio");
        assertThat(ids).hasSize(28);
        for (var id : there) {
            assertThat(management("/actuator/" + id)).startsWith("HTTP/1.1 200").contains("nosniff");
        }
        for (var id : ids) {
            for (var writing : List.of(
                    "/actuator/%s",
                    "/actuator/%s;x=1",
                    "//actuator/%s",
                    "/actuator//%s",
                    "/actuator/%%2e/%s",
                    "/%%2e/actuator/%s",
                    "/actuator/%s.",
                    "/actuator/%s/",
                    "/actuator/health/../%s",
                    "/actuator;x=1/%s")) {
                var path = writing.formatted(id);
                assertThat(management(path)).as(path).startsWith("HTTP/1.1 404");
            }
        }
        assertThat(management("/actuator")).startsWith("HTTP/1.1 404");
        assertThat(management("/api/v1/status")).startsWith("HTTP/1.1 404");
    }

    private String management(String path) throws IOException {
        return ApiClient.raw(
                drover.management("/").getPort(),
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    // ---- the end

    @Test
    @Order(Integer.MAX_VALUE)
    void what_was_answered_is_on_record_after_a_kill_and_expired_tokens_are_worth_nothing() throws Exception {
        var expired = token(admin, "viewer");
        var good = token(admin, "viewer");

        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();

        var last = JSON.readTree(lastLine());
        assertThat(last.path("detail").asString())
                .contains("Token " + good.path("id").asString());
        var file = drover.path("state/tokens.json");
        Files.writeString(
                file, Files.readString(file).replace(expired.path("expiresAt").asString(), "2026-11-01T00:00:00Z"));
        drover.startAgain();
        assertThat(withToken("GET", "/api/v1/status", good.path("secret").asString())
                        .statusCode())
                .isEqualTo(200);
        assertThat(withToken("GET", "/api/v1/status", expired.path("secret").asString())
                        .statusCode())
                .isEqualTo(401);
        admin = signIn("admin", RunningDrover.PASSWORD);
        assertThat(audited(last.path("id").asLong()).getFirst().path("id").asLong())
                .isEqualTo(last.path("id").asLong() + 1);
    }
}
