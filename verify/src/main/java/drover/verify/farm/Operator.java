package drover.verify.farm;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a browser, signed in to the dashboard of a farm. */
public final class Operator {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern DETAIL = Pattern.compile("\"detail\":\"([^\"]*)\"");

    private final Farm farm;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();

    private Operator(Farm farm) {
        this.farm = farm;
    }

    public static Operator of(Farm farm) throws IOException, InterruptedException {
        var operator = new Operator(farm);
        operator.get("/api/v1/session");
        operator.post("/api/v1/login", "username=admin&password=" + Farm.PASSWORD.replace(' ', '+'), 204);
        operator.get("/api/v1/session");
        return operator;
    }

    /** Restarts the worker of a slot and waits until that is done. */
    public void restart(int slot) throws IOException, InterruptedException {
        await(post("/api/v1/workers/" + slot + "/restart", "", 202), "the restart of worker " + slot);
    }

    /** Has so many workers, and waits until that is done; returns what the operation says in the end. */
    public String scale(int workers) throws IOException, InterruptedException {
        var request =
                ordering("/api/v1/pool", "application/json").PUT(BodyPublishers.ofString("{\"size\":" + workers + "}"));
        return await(send(request, 202), "scaling to " + workers);
    }

    /** The {@code Cookie} field of a request of theirs. */
    public String cookie() {
        return cookies.getCookieStore().getCookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private String await(HttpResponse<String> accepted, String what) throws IOException, InterruptedException {
        var operation = accepted.headers().firstValue("Location").orElseThrow();
        var end = Deadline.within(PATIENCE);
        for (var state = get(operation); !state.contains("\"state\":\"DONE\""); state = get(operation)) {
            if (state.contains("\"state\":\"FAILED\"") || end.isOver()) {
                throw new FarmFailed(what + " did not succeed: " + state);
            }
            Deadline.within(Duration.ofMillis(100)).pass();
        }
        var detail = DETAIL.matcher(get(operation));
        return detail.find() ? detail.group(1) : "";
    }

    private String get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> post(String path, String form, int status) throws IOException, InterruptedException {
        return send(ordering(path, "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)), status);
    }

    private HttpRequest.Builder ordering(String path, String type) {
        return HttpRequest.newBuilder(at(path)).header("Content-Type", type).header("X-XSRF-TOKEN", csrfToken());
    }

    private HttpResponse<String> send(HttpRequest.Builder builder, int status)
            throws IOException, InterruptedException {
        var request = builder.build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != status) {
            throw new FarmFailed(request + " was answered " + response.statusCode() + " " + response.body());
        }
        return response;
    }

    private String csrfToken() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    private URI at(String path) {
        return farm.dashboard().resolve(path);
    }
}
