package drover.admin;

import static drover.admin.ApiClient.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Another configuration, another worker: what is taken, what is refused, what goes back. One farm for all tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class ReloadIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String CONFIG = """
            drover:
              listen:
                - 127.0.0.1:0
              document-root: DIR/sites
              workers: 2
              keep-alive-timeout: 30s
              sites:
                shop:
                  directory: shop
                  hosts: [shop.localhost]
            """;

    private Path directory = Path.of("");
    private RunningDrover drover;
    private ApiClient api;
    private final List<Visitor> visitors = new ArrayList<>();

    @BeforeAll
    void start() throws Exception {
        directory = RunningDrover.newDirectory();
        for (var site : List.of("shop", "empty")) {
            Files.createDirectories(directory.resolve("sites").resolve(site));
        }
        Files.writeString(directory.resolve("sites/shop/index.html"), "<!doctype html><title>Shop</title>");
        Files.writeString(directory.resolve("sites/shop/offer.html"), "<!doctype html><title>Offer</title>");
        drover = RunningDrover.startConfigured(directory, CONFIG);
    }

    @AfterAll
    void stop() throws Exception {
        drover.close();
    }

    @BeforeEach
    void the_first_configuration_runs() throws Exception {
        api = ApiClient.signedIn(drover);
        api.awaitEnd(accepted(put(CONFIG, "?force=true")), "DONE");
    }

    @AfterEach
    void nobody_is_left() throws Exception {
        for (var visitor : visitors) {
            visitor.stop();
        }
        visitors.clear();
    }

    // ---- what is refused before anything begins

    /** What is put in the place of a part of the configuration, and what the refusal then says. */
    private record Fault(String part, String instead, int line, String key, String reason) {}

    private static List<Fault> faults(int takenPort) {
        var timeout = "keep-alive-timeout: 30s";
        var hosts = "hosts: [shop.localhost]";
        var drover = "drover.";
        var shop = "drover.sites.shop";
        return List.of(
                new Fault("workers: 2", "worker: 2", 5, drover + "worker", "did you mean drover.workers?"),
                new Fault("workers: 2", "workers: two", 5, drover + "workers", "a whole number is wanted"),
                new Fault("workers: 2", "workers: 0", 5, drover + "workers", "\"0\" must be greater"),
                new Fault("workers: 2", "workers: 65", 5, drover + "workers", "\"65\" must be less"),
                new Fault("workers: 2", "workers: [2", 6, "", "not valid YAML"),
                new Fault("  workers: 2", "\tworkers: 2", 5, "", "not valid YAML"),
                new Fault("  workers: 2", "  workers: 2\n  workers: 3", 6, "", "duplicate key workers"),
                new Fault("drover:", "--- # one\ndrover:\n  workers: 1\n---\ndrover:", 0, "", "one YAML document"),
                new Fault(
                        "drover:", "server:\n  port: 80\ndrover:", 2, "server.port", "every key stands under drover:"),
                new Fault(
                        timeout, "keep-alive-timeout: soon", 6, drover + "keep-alive-timeout", "a duration is wanted"),
                new Fault(timeout, "keep-alive-timeout: 0s", 6, drover + "keep-alive-timeout", "at least 1ms"),
                new Fault(timeout, "drain-timeout: 11m", 6, drover + "drain-timeout", "at most 10m"),
                new Fault(timeout, "drain-timeout: -1s", 6, drover + "drain-timeout", "must not be negative"),
                new Fault(timeout, "cache-size: big", 6, drover + "cache-size", "a size is wanted"),
                new Fault(timeout, "event-loops: 0", 6, drover + "event-loops", "greater than or equal to 1"),
                new Fault(timeout, "file-threads: 257", 6, drover + "file-threads", "less than or equal to 256"),
                new Fault(timeout, "file-queue: 0", 6, drover + "file-queue", "greater than or equal to 1"),
                new Fault(timeout, "connections-per-address: -1", 6, drover + "connections-per-address", "equal to 0"),
                new Fault(timeout, "access-log: a/b", 6, drover + "access-log", "without slashes"),
                new Fault(timeout, "access-log-format: fancy", 6, drover + "access-log-format", "vcombined or json"),
                new Fault(timeout, "access-log-rotate-size: 10KB", 6, drover + "access-log-rotate-size", "1MB"),
                new Fault(timeout, "access-log-rotate-every: 1s", 6, drover + "access-log-rotate-every", "1m"),
                new Fault(timeout, "access-log-keep: 0", 6, drover + "access-log-keep", "equal to 1"),
                new Fault(timeout, "log-keep: 101", 6, drover + "log-keep", "equal to 100"),
                new Fault(timeout, "log-rotate-size: 1KB", 6, drover + "log-rotate-size", "64KB"),
                new Fault(
                        timeout,
                        "proxy-protocol: { trusted: [nobody] }",
                        6,
                        drover + "proxy-protocol.trusted",
                        "an address or a block"),
                new Fault(
                        timeout, "forwarded: { header: X-Real-IP }", 6, drover + "forwarded.header", "X-Forwarded-For"),
                new Fault("DIR/sites", "DIR/nowhere", 4, drover + "document-root", "is no directory"),
                new Fault("DIR/sites", "DIR/password", 4, drover + "document-root", "is no directory"),
                new Fault("127.0.0.1:0", "127.0.0.1", 3, drover + "listen", "ADDRESS:PORT"),
                new Fault("127.0.0.1:0", "999.0.0.1:80", 3, drover + "listen", "no address"),
                new Fault("127.0.0.1:0", "127.0.0.1:70000", 3, drover + "listen", "the highest port"),
                new Fault("127.0.0.1:0", "127.0.0.1:" + takenPort, 3, drover + "listen", "cannot be listened on"),
                new Fault(hosts, "hosts: [\"bad host\"]", 10, shop + ".hosts", "bad host"),
                new Fault("directory: shop", "directory: ../etc", 9, shop + ".directory", "below document-root"),
                new Fault(hosts, "fallback: index.html", 10, shop + ".fallback", "a path within the site"),
                new Fault(hosts, "error-pages: { 418: /x.html }", 9, shop, "error-pages are for"),
                new Fault(
                        hosts,
                        "redirects: [{ from: /a, to: /b, status: 200 }]",
                        10,
                        shop + ".redirects",
                        "status must be"),
                new Fault(hosts, "auth: [{ realm: Members }]", 10, shop + ".auth", "users or users-file"),
                new Fault(hosts, "auth: [{ users: [\"anna:secret\"] }]", 10, shop + ".auth.users", "bcrypt hash"),
                new Fault(hosts, "auth: [{ users-file: DIR/none }]", 10, shop + ".auth", "cannot be read"),
                new Fault(
                        hosts,
                        "hosts: [same]\n    other:\n      hosts: [same]",
                        12,
                        "drover.sites.other",
                        "wants the host"));
    }

    @Test
    void a_broken_configuration_is_refused_with_its_line_and_its_reason_and_changes_nothing() throws Exception {
        var before = processes();
        int generation = generation();
        var text = Files.readString(directory.resolve("drover.yml"));
        visitorsCome();
        var answers = new ArrayList<String>();

        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var faults = faults(taken.getLocalPort());
            assertThat(faults).hasSizeGreaterThanOrEqualTo(30);
            for (var fault : faults) {
                assertThat(CONFIG).contains(fault.part());
                var answer = put(CONFIG.replace(fault.part(), fault.instead()));
                answers.add(judged(fault, answer));
            }
        }

        assertThat(answers).isNotEmpty().allMatch(String::isEmpty);
        assertThat(api.json("/api/v1/events?limit=1000").toString())
                .contains("\"kind\":\"command-refused\",\"actor\":\"admin\",\"cause\":\"invalid\"");
        assertServed();
        assertThat(processes()).isEqualTo(before);
        assertThat(generation()).isEqualTo(generation);
        assertThat(Files.readString(directory.resolve("drover.yml"))).isEqualTo(text);
    }

    /** Empty if the answer is as it should be. */
    private String judged(Fault fault, HttpResponse<String> answer) {
        var problem = JSON.readTree(answer.body());
        boolean told = answer.statusCode() == 422
                && problem.path("file")
                        .asString("")
                        .equals(directory.resolve("drover.yml").toString())
                && problem.path("line").asInt(0) == fault.line()
                && problem.path("key").asString("").equals(fault.key())
                && problem.path("reason").asString("").contains(fault.reason())
                && !answer.body().contains("secret");
        return told ? "" : "\n" + fault + "\n  was answered " + answer.body();
    }

    // ---- what is taken

    @Test
    void a_good_one_is_rolled_out_is_noticed_by_nobody_and_can_be_taken_back() throws Exception {
        int generation = generation();
        var before = pids();
        visitorsCome();
        var next = CONFIG.replace("hosts: [shop.localhost]", "hosts: [shop.localhost, market.localhost]");

        var checked = api.send("POST", "/api/v1/config/validate", "application/yaml", text(next));
        var operation = accepted(put(next));
        api.awaitEnd(operation, "DONE");

        assertThat(checked.body())
                .isEqualTo("{\"changes\":[{\"key\":\"drover.sites.shop.hosts\",\"before\":\"shop.localhost\","
                        + "\"after\":\"shop.localhost, market.localhost\",\"needs\":\"workers\",\"overruled\":null}]}");
        assertThat(api.json(operation).path("detail").asString())
                .startsWith("Generation " + (generation + 1) + " runs; ")
                .contains(" addresses compared");
        assertThat(pids()).hasSize(2).doesNotContainAnyElementsOf(before);
        assertThat(status("market.localhost", "/offer.html")).isEqualTo(200);
        assertThat(Files.readString(directory.resolve("drover.yml"))).isEqualTo(text(next));

        api.awaitEnd(accepted(api.post("/api/v1/config/rollback/" + generation)), "DONE");

        assertServed();
        assertThat(status("market.localhost", "/offer.html")).isEqualTo(404);
        assertThat(Files.readString(directory.resolve("drover.yml"))).isEqualTo(text(CONFIG));
        assertThat(verdicts())
                .startsWith(
                        (generation + 2) + " rollback ACCEPTED",
                        (generation + 1) + " put ACCEPTED",
                        generation + " " + (generation == 1 ? "start" : "put") + " ACCEPTED");
    }

    @Test
    void one_that_loses_a_page_goes_back_by_itself_and_says_which() throws Exception {
        var before = processes();
        int generation = generation();
        visitorsCome();
        var lost = CONFIG.replace("directory: shop", "directory: empty");

        var operation = accepted(put(lost));
        api.awaitEnd(operation, "FAILED");

        assertThat(api.json(operation).path("detail").asString())
                .startsWith("Rolled back before any worker was restarted: "
                        + "http://shop.localhost/ answers 404 instead of 200");
        assertThat(processes()).isEqualTo(before);
        assertThat(generation()).isEqualTo(generation);
        assertThat(verdicts().getFirst()).isEqualTo((generation + 1) + " put REFUSED");
        assertThat(Scrape.of(drover).sum("drover_config_last_reload_successful"))
                .isZero();
        assertThat(Scrape.of(drover).sum("drover_config_generation")).isEqualTo(generation);
        assertThat(Files.readString(directory.resolve("drover.yml"))).isEqualTo(text(CONFIG));
        assertServed();
    }

    @Test
    void the_file_is_read_again_when_that_is_asked_for() throws Exception {
        Files.writeString(directory.resolve("drover.yml"), text(CONFIG.replace("workers: 2", "workers: 3")));

        var changed = api.json("/api/v1/config").path("fileChanged").asBoolean();
        var diff = api.json("/api/v1/config/diff").path("changes").path(0);
        api.awaitEnd(accepted(api.post("/api/v1/config/reload")), "DONE");
        var again = accepted(api.post("/api/v1/config/reload"));
        api.awaitEnd(again, "DONE");

        assertThat(changed).isTrue();
        assertThat(diff.path("key").asString()).isEqualTo("drover.workers");
        assertThat(diff.path("needs").asString()).isEqualTo("pool");
        assertThat(pids()).hasSize(3);
        assertThat(api.json(again).path("detail").asString()).startsWith("Nothing has changed; generation ");
        assertThat(api.json("/api/v1/config").path("fileChanged").asBoolean()).isFalse();
    }

    @Test
    void another_address_is_opened_before_the_old_one_is_closed() throws Exception {
        int old = port();
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var before = pids();

        api.awaitEnd(accepted(put(CONFIG.replace("127.0.0.1:0", "127.0.0.1:" + free))), "DONE");

        assertThat(port()).isEqualTo(free);
        assertThat(status("shop.localhost", "/")).isEqualTo(200);
        assertThat(pids()).isEqualTo(before);
        await().atMost(RunningDrover.PATIENCE)
                .untilAsserted(() -> assertThat(refuses(old)).isTrue());
    }

    @Test
    void a_change_that_nobody_saw_is_not_overwritten() throws Exception {
        var current = api.get("/api/v1/config");
        var tag = current.headers().firstValue("ETag").orElseThrow();
        api.awaitEnd(accepted(put(CONFIG.replace("workers: 2", "workers: 2\n  log-keep: 6"))), "DONE");

        var late = api.send("PUT", "/api/v1/config", "application/yaml", text(CONFIG), "If-Match", tag);
        var blind = api.send("PUT", "/api/v1/config", "application/yaml", text(CONFIG));

        assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
        assertThat(blind.statusCode()).as(blind.body()).isEqualTo(428);
    }

    // ---- what goes wrong on the way

    @Test
    void the_next_admin_goes_on_wherever_one_was_killed() throws Exception {
        var canaries = directory.resolve("run/after").toString();
        visitorsCome();

        var operation = accepted(put(CONFIG.replace("30s", "32s")));
        await().atMost(RunningDrover.PATIENCE).until(() -> drover.pids(canaries).size() == 2);
        var canary = drover.pids(canaries);
        killAdminAndStartAgain();
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.json(operation)
                        .path("rollout")
                        .path("phase")
                        .asString()
                        .equals("MOVING"));
        killAdminAndStartAgain();
        api.awaitEnd(operation, "DONE");

        assertServed();
        assertThat(drover.left()).doesNotContainAnyElementsOf(canary).hasSize(4);
        assertThat(processGenerations()).containsOnly(generation());
        assertThat(Files.readString(directory.resolve("drover.yml"))).contains("32s");
    }

    private void killAdminAndStartAgain() throws Exception {
        RunningDrover.kill(drover.adminPid());
        drover.awaitExit();
        drover.startAgain();
        api = ApiClient.signedIn(drover);
    }

    // ---- workers

    @Test
    void a_worker_that_does_not_start_is_not_taken() throws Exception {
        var before = processes();
        visitorsCome();
        brokenWorker("9.0");

        var operation = accepted(upgrade("9.0"));
        api.awaitEnd(operation, "FAILED");

        assertServed();
        assertThat(api.json(operation).path("detail").asString())
                .startsWith(
                        "Rolled back before any worker was restarted: the canary does not serve: it ended with code 1");
        assertThat(processes()).isEqualTo(before);
        assertThat(api.json("/api/v1/release").path("versions").toString()).contains("9.0");
        assertThat(upgrade("../9.0").statusCode()).isEqualTo(404);
    }

    @Test
    void another_worker_is_rolled_out() throws Exception {
        visitorsCome();
        var library = directory.resolve("installed/target/dist/lib");
        Files.createDirectories(library.resolve("worker/8.0"));
        Files.copy(library.resolve("worker-engine.jar"), library.resolve("worker/8.0/worker-engine.jar"));

        api.awaitEnd(accepted(upgrade("8.0")), "DONE");

        assertServed();
        assertThat(api.json("/api/v1/release").path("worker").asString()).isEqualTo("8.0");
        assertThat(drover.pids("lib/worker/8.0/worker-engine.jar")).hasSize(2);
    }

    private HttpResponse<String> upgrade(String version) throws IOException, InterruptedException {
        return api.send("POST", "/api/v1/release", "application/json", "{\"worker\":\"%s\"}".formatted(version));
    }

    /** A jar that names a class which is not there. */
    private void brokenWorker(String version) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "drover.Nothing");
        var jar = directory.resolve("installed/target/dist/lib/worker/" + version + "/worker-engine.jar");
        Files.createDirectories(jar.getParent());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    // ---- what is seen

    private String text(String yaml) {
        return yaml.replace("DIR", directory.toString());
    }

    private HttpResponse<String> put(String yaml) throws IOException, InterruptedException {
        return put(yaml, "");
    }

    private HttpResponse<String> put(String yaml, String query) throws IOException, InterruptedException {
        return api.send("PUT", "/api/v1/config" + query, "application/yaml", text(yaml), "If-Match", "*");
    }

    private int generation() throws IOException, InterruptedException {
        return api.json("/api/v1/config").path("generation").asInt();
    }

    private Stream<JsonNode> workers() throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/workers").spliterator(), false);
    }

    private List<Long> pids() throws IOException, InterruptedException {
        return workers().map(worker -> worker.path("pid").asLong()).toList();
    }

    private List<Integer> processGenerations() throws IOException, InterruptedException {
        return workers()
                .map(worker ->
                        worker.path("processes").path(0).path("generation").asInt())
                .toList();
    }

    /** The master and the workers that serve, without canaries. */
    private List<Long> processes() throws IOException, InterruptedException {
        return Stream.concat(
                        pids().stream(),
                        Stream.of(api.json("/api/v1/status")
                                .path("master")
                                .path("pid")
                                .asLong()))
                .toList();
    }

    private List<String> verdicts() throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/config/history").spliterator(), false)
                .map(one ->
                        one.path("number").asInt() + " " + one.path("origin").asString() + " "
                                + one.path("verdict").asString())
                .toList();
    }

    private int port() throws IOException, InterruptedException {
        var listening = api.json("/api/v1/status").path("listening");
        assertThat(listening).as(listening.toString()).hasSize(1);
        return URI.create("http://" + listening.path(0).asString()).getPort();
    }

    private static boolean refuses(int port) {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private int status(String host, String path) throws IOException, InterruptedException {
        var answer =
                ApiClient.raw(port(), "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host));
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length()).substring(0, 3));
    }

    /** Two who keep their connection, and one who comes anew with each request; none is in a hurry. */
    private void visitorsCome() throws IOException, InterruptedException {
        var page = URI.create("http://127.0.0.1:" + port() + "/");
        for (int number = 0; number < 3; number++) {
            visitors.add(Visitor.who(page, /* keepAlive= */ number > 0, Duration.ofMillis(5)));
        }
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> visitors.stream().allMatch(visitor -> visitor.whole() >= 20));
    }

    private void assertServed() throws InterruptedException {
        for (var visitor : visitors) {
            visitor.stop();
        }
        assertThat(visitors).allSatisfy(visitor -> {
            assertThat(visitor.broken()).isEmpty();
            assertThat(visitor.unanswered()).isZero();
        });
    }
}
