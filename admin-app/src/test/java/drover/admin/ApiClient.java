package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser's view of the API: cookies, and the CSRF header on everything that is not GET. */
final class ApiClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RunningDrover drover;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http;

    ApiClient(RunningDrover drover) {
        this(drover, "127.0.0.1");
    }

    /** One that comes from another address of this machine: all of 127.0.0.0/8 are. It takes any certificate. */
    ApiClient(RunningDrover drover, String address) {
        this.drover = drover;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(InetAddress.ofLiteral(address))
                .sslContext(Certificate.trustingAny())
                .cookieHandler(cookies)
                .build();
    }

    static ApiClient signedIn(RunningDrover drover) throws IOException, InterruptedException {
        var client = new ApiClient(drover);
        assertThat(client.login(RunningDrover.PASSWORD).statusCode()).isEqualTo(204);
        assertThat(client.get("/api/v1/session").statusCode()).isEqualTo(200);
        return client;
    }

    HttpResponse<String> login(String password) throws IOException, InterruptedException {
        return login("admin", password);
    }

    HttpResponse<String> login(String user, String password) throws IOException, InterruptedException {
        get("/api/v1/session");
        return send(post("/api/v1/login", "username=" + user + "&password=" + password.replace(' ', '+')));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(drover.dashboard(path)).build());
    }

    /** The answer of a GET that must succeed. */
    JsonNode json(String path) throws IOException, InterruptedException {
        var response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send(post(path, ""));
    }

    private HttpRequest post(String path, String form) {
        return HttpRequest.newBuilder(drover.dashboard(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-XSRF-TOKEN", csrfToken())
                .POST(BodyPublishers.ofString(form))
                .build();
    }

    HttpResponse<String> put(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(drover.dashboard(path))
                .header("Content-Type", "application/json")
                .header("X-XSRF-TOKEN", csrfToken())
                .PUT(BodyPublishers.ofString(json))
                .build());
    }

    /** A request with a body of a type, and further fields. */
    HttpResponse<String> send(String method, String path, String type, String body, String... fields)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(drover.dashboard(path))
                .header("Content-Type", type)
                .header("X-XSRF-TOKEN", csrfToken())
                .method(method, BodyPublishers.ofString(body));
        return send((fields.length == 0 ? request : request.headers(fields)).build());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(drover.dashboard(path))
                .header("X-XSRF-TOKEN", csrfToken())
                .DELETE()
                .build());
    }

    /** Where the operation of an accepted command is. */
    static String accepted(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** Waits until an operation has come to this end. */
    void awaitEnd(String operation, String state) {
        await(operation).atMost(RunningDrover.PATIENCE).untilAsserted(() -> {
            var now = json(operation);
            assertThat(now.path("state").asString()).as(now.toString()).isEqualTo(state);
        });
    }

    String csrfToken() {
        return cookie("XSRF-TOKEN");
    }

    /** The value of a cookie, or nothing. */
    String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }

    /** A worker as the API shows it. */
    JsonNode worker(int slot) throws IOException, InterruptedException {
        return StreamSupport.stream(json("/api/v1/workers").spliterator(), false)
                .filter(worker -> worker.path("slot").asInt() == slot)
                .findFirst()
                .orElseThrow();
    }

    /** All that comes back for a request written as it stands, with {@code Connection: close}. */
    static String raw(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static HttpResponse<String> fetch(URI uri) throws IOException, InterruptedException {
        return fetch("GET", uri);
    }

    static HttpResponse<String> fetch(String method, URI uri) throws IOException, InterruptedException {
        try (var once = HttpClient.newHttpClient()) {
            return once.send(
                    HttpRequest.newBuilder(uri)
                            .method(method, BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
