package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A farm with sites of a configuration file, as clients see them. */
class SitesIT {

    private static RunningDrover drover;
    private static Path config;
    private static Path users;
    private static ApiClient admin;

    @BeforeAll
    static void start() throws Exception {
        config = Files.createTempFile("drover-sites-", ".yml");
        users = Files.createTempFile("drover-users-", ".htpasswd");
        Files.writeString(config, """
                drover:
                  workers: 1
                  sites:
                    shop:
                      hosts: [shop.org, "*.shop.org"]
                      fallback: /index.html
                      error-pages: {404: /404.html}
                      security-headers: true
                      headers:
                        - {path: "/assets/**", cache: immutable}
                        - {path: "/**", cache: no-cache}
                      cors: {origins: [https://app.org], headers: [X-A]}
                      redirects:
                        - {from: "/old/**", to: "/new/$1", status: 308}
                      rewrites:
                        - {from: "/latest/**", to: "/assets/$1"}
                    files:
                      hosts: [files.org]
                      listing: true
                      security-headers: strict
                      headers: [{path: "/**", set: {X-Always: sure, X-Frame-Options: SAMEORIGIN}, always: true}]
                      auth:
                        - path: /inner/**
                          realm: Inner
                          users: ["anna:$2y$04$2xMZsE3GkIxx0xFELLzUqutAmuVX3ct44w5RQqP9R.hi9jlNIEQKO"]
                          users-file: %s
                        - path: /slow/**
                          realm: Slow
                          users: ["otto:$2y$11$3wAt0P1vhQQTC7IcDJxIJO6xw2UhLf3J5RYSeVwUQDIycshpleqGq"]
                    later: {hosts: [later.org], maintenance: true, error-pages: {503: /soon.html}}
                    inner: {hosts: [inner.org], allow: [192.0.2.0/24]}
                """.formatted(users));
        drover = RunningDrover.start("--config", config.toString());
        Files.createDirectories(drover.path("sites/later"));
        Files.writeString(drover.path("sites/later/soon.html"), "soon");
        Files.createDirectories(drover.path("sites/files/inner"));
        Files.writeString(drover.path("sites/files/a&b.txt"), "12345");
        Files.writeString(drover.path("sites/files/inner/page.txt"), "inner page");
        Files.createDirectories(drover.path("sites/files/slow"));
        Files.writeString(drover.path("sites/files/slow/page.txt"), "slow page");
        admin = ApiClient.signedIn(drover);
        write("index.html", "app");
        write("404.html", "not here");
        write("assets/a.js", "script");
    }

    private static void write(String name, String text) throws IOException {
        var file = drover.path("sites/shop/" + name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @AfterAll
    static void stop() throws Exception {
        drover.close();
        Files.deleteIfExists(config);
        Files.deleteIfExists(users);
    }

    @Test
    void configured_hosts_reach_their_site_and_others_the_default() throws IOException {
        assertThat(get("shop.org", "/")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\napp");
        assertThat(get("WWW.shop.org:80", "/")).endsWith("\r\n\r\napp");
        assertThat(get("shop", "/")).endsWith("<title>Test</title>");
    }

    @Test
    void a_route_gets_the_fallback_and_a_missing_file_the_sites_page() throws IOException {
        assertThat(get("shop.org", "/cart/1")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\napp");
        assertThat(get("shop.org", "/cart.js"))
                .startsWith("HTTP/1.1 404 ")
                .contains("X-Frame-Options: SAMEORIGIN\r\n")
                .doesNotContain("Cache-Control", "ETag")
                .endsWith("\r\n\r\nnot here");
    }

    @Test
    void fields_follow_the_file() throws IOException {
        assertThat(get("shop.org", "/assets/a.js")).contains("Cache-Control: public, max-age=31536000, immutable\r\n");
        assertThat(get("shop.org", "/")).contains("Cache-Control: no-cache\r\n", "X-Content-Type-Options: nosniff\r\n");
        assertThat(get("other", "/")).doesNotContain("Cache-Control", "X-Content-Type-Options");
    }

    @Test
    void paths_lead_elsewhere() throws IOException {
        assertThat(get("shop.org", "/old/a%20b?q=1"))
                .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
                .contains("Location: /new/a%20b?q=1\r\n");
        assertThat(get("shop.org", "/latest/a.js")).startsWith("HTTP/1.1 200 ").endsWith("script");
    }

    @Test
    void other_origins_may_read_if_they_are_listed() throws IOException {
        var app = "Origin: https://app.org\r\n";
        var preflight = ask("OPTIONS", "shop.org", "/", app + "Access-Control-Request-Method: GET\r\n");

        assertThat(preflight)
                .startsWith("HTTP/1.1 204 ")
                .contains("Access-Control-Allow-Origin: https://app.org\r\n", "Access-Control-Allow-Headers: X-A\r\n");
        for (int i = 0; i < 2; i++) { // from the disk, then from memory
            assertThat(ask("GET", "shop.org", "/", app)).contains("Access-Control-Allow-Origin: https://app.org\r\n");
        }
        assertThat(get("shop.org", "/")).contains("Vary: Origin\r\n").doesNotContain("Access-Control");
        assertThat(get("other", "/")).doesNotContain("Vary", "Access-Control");
    }

    @Test
    void a_closed_site_says_so() throws IOException {
        for (int i = 0; i < 2; i++) { // from the disk, then from memory
            assertThat(get("later.org", "/"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 300\r\n")
                    .endsWith("\r\n\r\nsoon");
        }
        assertThat(get("inner.org", "/")).startsWith("HTTP/1.1 403 ");
        assertThat(get("inner.org", "/healthz")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void directories_are_listed_for_people_and_programs() throws IOException {
        assertThat(get("files.org", "/"))
                .startsWith("HTTP/1.1 200 ")
                .contains("<a href=\"a%26b.txt\"><bdi>a&amp;b.txt</bdi></a>");
        assertThat(ask("GET", "files.org", "/", "Accept: application/json\r\n"))
                .contains(
                        "Content-Type: application/json\r\n",
                        "{ \"name\":\"inner\", \"type\":\"directory\"",
                        "\"size\":5 }");
    }

    @Test
    void fields_that_are_for_any_answer_go_with_any() throws IOException {
        for (var path : new String[] {"/", "/a&b.txt", "/none.txt", "/inner", "/inner/", "/%00"}) {
            assertThat(get("files.org", path))
                    .as(path)
                    .contains(
                            "X-Always: sure\r\n",
                            "Content-Security-Policy: default-src 'self'",
                            "X-Frame-Options: SAMEORIGIN\r\n")
                    .doesNotContain("DENY");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            GET     | shop.org      | /                   | ~~
            HEAD    | shop.org      | /                   | ~~
            GET     | www.shop.org:8080 | /cart/1         | ~~
            GET     | shop.org      | /cart.js            | ~~
            GET     | shop.org      | /assets             | ~~
            GET     | shop.org      | /assets/a.js        | Range: bytes=0-1
            GET     | shop.org      | /assets/a.js        | Origin: https://app.org
            GET     | shop.org      | /assets/a.js        | If-Match: "no"
            GET     | shop.org      | /old/a%20b?q=1      | ~~
            GET     | shop.org      | /latest/a.js        | ~~
            OPTIONS | shop.org      | /                   | ~~
            POST    | shop.org      | /                   | ~~
            BREW    | shop.org      | /                   | ~~
            GET     | shop.org      | /%00                | ~~
            GET     | shop.org      | /../x               | ~~
            GET     | shop.org      | /.git/config        | ~~
            GET     | shop.org      | /healthz            | ~~
            GET     | files.org     | /                   | ~~
            GET     | files.org     | /a&b.txt            | ~~
            GET     | files.org     | /inner              | ~~
            GET     | files.org     | /inner/page.txt     | ~~
            GET     | files.org     | /none/              | Accept: application/json
            GET     | later.org     | /                   | ~~
            GET     | inner.org     | /                   | ~~
            GET     | nobody.org    | /                   | ~~
            """)
    void an_explanation_says_what_a_client_gets(String method, String host, String path, String field)
            throws Exception {
        // A file that was changed a moment ago has a weak tag, which becomes a strong one.
        await().atMost(RunningDrover.PATIENCE).untilAsserted(() -> assertExplained(method, host, path, field));
    }

    private static void assertExplained(String method, String host, String path, String field) throws Exception {
        var lines = field.isEmpty() ? "" : field + "\r\n";
        var head = ask(method, host, path, "Accept-Encoding: gzip, deflate, br, zstd\r\n" + lines)
                .split("\r\n\r\n", 2)[0];

        var explained = admin.json(explain(method, host, path, field));
        var fields = new ArrayList<String>();
        explained
                .path("fields")
                .forEach(one -> fields.add(
                        one.path("name").asString() + ": " + one.path("value").asString()));
        assertThat("HTTP/1.1 " + explained.path("status").asInt() + " "
                        + explained.path("reason").asString())
                .isEqualTo(head.lines().findFirst().orElseThrow());
        assertThat(fields.stream().filter(SitesIT::isOfTheAnswer).toList())
                .isEqualTo(head.lines().skip(1).filter(SitesIT::isOfTheAnswer).toList());
        assertThat(explained.path("steps").size() + explained.path("rules").size())
                .isPositive();
    }

    /** Not of the moment, nor of the connection. */
    private static boolean isOfTheAnswer(String field) {
        return !field.startsWith("Date: ") && !field.startsWith("Connection: ");
    }

    private static String explain(String method, String host, String path, String field) {
        return "/api/v1/explain?method=" + method + "&url="
                + URLEncoder.encode("http://" + host + path, StandardCharsets.UTF_8)
                + (field.isEmpty() ? "" : "&header=" + URLEncoder.encode(field, StandardCharsets.UTF_8));
    }

    @Test
    void an_explanation_says_why() throws Exception {
        var rewritten = admin.json(explain("GET", "shop.org", "/latest/a.js", ""));
        var inner = admin.json(explain("GET", "inner.org", "/", ""));
        var admitted = admin.json(explain("GET", "inner.org", "/", "") + "&client=192.0.2.9");
        var listed = admin.json(explain("GET", "files.org", "/inner/", ""));

        assertThat(rewritten.path("site").path("name").asString()).isEqualTo("shop");
        assertThat(rewritten.path("site").path("directory").asString())
                .isEqualTo(drover.path("sites/shop").toString());
        assertThat(rewritten.path("file").asString())
                .isEqualTo(drover.path("sites/shop/assets/a.js").toString());
        assertThat(rewritten.path("rules").toString())
                .contains(
                        "{\"kind\":\"rewrite\",\"text\":\"/latest/** to /assets/$1, 200\"}",
                        "/assets/** says Cache-Control");
        assertThat(inner.path("steps").toString()).contains("The site does not answer 127.0.0.1.");
        assertThat(inner.path("rules").toString()).contains("192.0.2.0/24");
        assertThat(admitted.path("status").asInt()).isEqualTo(404);
        assertThat(listed.path("rules").toString()).contains("\"auth\"", "users of \\\"Inner\\\"");
        assertThat(listed.path("status").asInt()).isEqualTo(401);
    }

    @Test
    void an_explanation_tells_what_the_cache_has_and_changes_nothing_of_it() throws Exception {
        write("assets/new.js", "new script");
        var question = explain("GET", "shop.org", "/assets/new.js", "");

        var before = admin.json(question);
        var twice = admin.json(question);
        get("shop.org", "/assets/new.js");
        var after = admin.json(question);

        assertThat(before.path("cache").path("state").asString()).isEqualTo("MISS");
        assertThat(twice.path("cache").path("state").asString()).isEqualTo("MISS");
        assertThat(after.path("cache").path("state").asString()).isEqualTo("HIT");
        assertThat(after.path("cache").path("workers").path(0).path("bytes").asLong())
                .isGreaterThanOrEqualTo("new script".length());
        assertThat(Files.readString(drover.path("log/access.log"))).doesNotContain("drover-explain");
        assertThat(drover.ask("explain", "shop.org/old/x").output())
                .contains("answer   308 Permanent Redirect", "redirect /old/** to /new/$1, 308", "Location: /new/x");
    }

    @Test
    void users_of_the_configuration_and_of_a_file_that_changes_are_let_in() throws Exception {
        var made = drover.command("hash-password", "new secret\n", "--cost", "4", "bert");

        assertThat(get("files.org", "/inner/page.txt"))
                .startsWith("HTTP/1.1 401 ")
                .contains("WWW-Authenticate: Basic realm=\"Inner\", charset=\"UTF-8\"\r\n");
        assertThat(as("anna:secret"))
                .startsWith("HTTP/1.1 200 ")
                .contains("Cache-Control: private\r\n")
                .endsWith("inner page");
        assertThat(as("anna:Secret")).startsWith("HTTP/1.1 401 ");
        assertThat(as("bert:new secret")).startsWith("HTTP/1.1 401 ");

        Files.writeString(users, made.output());
        org.awaitility.Awaitility.await()
                .atMost(RunningDrover.PATIENCE)
                .until(() -> as("bert:new secret").startsWith("HTTP/1.1 200 "));
        Files.writeString(users, "");
        org.awaitility.Awaitility.await()
                .atMost(RunningDrover.PATIENCE)
                .until(() -> as("bert:new secret").startsWith("HTTP/1.1 401 "));

        var log = drover.path("log/access.log");
        org.awaitility.Awaitility.await()
                .atMost(RunningDrover.PATIENCE)
                .until(() -> Files.readString(log).contains(" - bert ["));
        assertThat(Files.readString(log)).contains(" - anna [").doesNotContain("c2VjcmV0", "secret");
    }

    @Test
    void whoever_floods_it_with_guesses_is_turned_away_and_nobody_else_is() throws Exception {
        var asked = new ArrayList<Callable<String>>();
        for (int i = 0; i < 60; i++) {
            var guess = "otto:" + i;
            asked.add(() -> as(guess, "/slow/page.txt"));
        }
        asked.addAll(Collections.nCopies(50, () -> get("files.org", "/a&b.txt")));
        var answers = new ArrayList<String>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : clients.invokeAll(asked)) {
                answers.add(answer.get());
            }
        }
        var guesses = answers.subList(0, 60);
        var pages = answers.subList(60, 110);

        assertThat(pages)
                .allSatisfy(page -> assertThat(page).startsWith("HTTP/1.1 200 ").endsWith("12345"));
        assertThat(guesses)
                .allSatisfy(answer -> assertThat(answer).containsPattern("^HTTP/1.1 (401|503) "))
                .anySatisfy(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: "));
        assertThat(as("otto:correct-horse", "/slow/page.txt"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("slow page");
    }

    private static String as(String userAndPassword) throws IOException {
        return as(userAndPassword, "/inner/page.txt");
    }

    private static String as(String userAndPassword, String path) throws IOException {
        var value = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return ask("GET", "files.org", path, "Authorization: Basic " + value + "\r\n");
    }

    @Test
    void probes_are_answered_on_every_host_and_not_logged() throws Exception {
        for (var path : new String[] {"/healthz", "/readyz"}) {
            assertThat(get("anybody", path)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nok\n");
        }
        get("anybody", "/after");

        var log = drover.path("log/access.log");
        org.awaitility.Awaitility.await()
                .atMost(RunningDrover.PATIENCE)
                .until(() -> Files.readString(log).contains("/after"));
        assertThat(Files.readString(log)).doesNotContain("/healthz", "/readyz");
    }

    /** The whole response; a plain socket, because the JDK's client does not let a Host be set. */
    private static String get(String host, String path) throws IOException {
        return ask("GET", host, path, "");
    }

    private static String ask(String method, String host, String path, String fields) throws IOException {
        var site = drover.site("/");
        try (var socket = new Socket(site.getHost(), site.getPort())) {
            var request =
                    method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + fields + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
