package drover.admin.cli;

import drover.admin.shared.Console;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Says why a URL gets what it gets. */
@Command(
        name = "explain",
        description = {
            "Says what a request would be answered with, and why: which site, rule and file, whether the cache has it, status and"
                    + " fields. Nothing is counted, logged or kept of it.",
            "Exit code 0, or 1 if no worker could be asked."
        },
        footer = FarmOptions.HELP)
final class ExplainCommand implements Callable<Integer> {

    private static final int EXPLAINED = 0;
    private static final int NOT_EXPLAINED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int BAD_REQUEST = 400;

    @Mixin
    private FarmOptions farm = new FarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "URL", description = "Such as http://docs.example.org/a, or without http://.")
    private String url = "";

    @Option(names = "--method", paramLabel = "METHOD", description = "GET unless given.", defaultValue = "GET")
    private String method = "GET";

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "Whom the request is of, 127.0.0.1 unless given.",
            defaultValue = "127.0.0.1")
    private String client = "127.0.0.1";

    @Option(names = "-H", paramLabel = "FIELD", description = "A field of the request, such as \"Range: bytes=0-9\".")
    private List<String> headers = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        var answer = new AdminClient(farm.runDirectory()).get(path());
        if (output.isJson()) {
            OutputOptions.sayJson(answer.body());
        } else if (answer.isSuccess()) {
            say(answer.body());
        } else {
            Console.complain(answer.problem());
        }
        return answer.isSuccess() ? EXPLAINED : answer.status() == BAD_REQUEST ? WRONG_USAGE : NOT_EXPLAINED;
    }

    private String path() {
        var path = new StringBuilder("/api/v1/explain?url=").append(encoded(url));
        path.append("&method=").append(encoded(method)).append("&client=").append(encoded(client));
        headers.forEach(field -> path.append("&header=").append(encoded(field)));
        return path.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void say(JsonNode body) {
        line("request", body.path("method").asString() + " " + body.path("url").asString());
        line("answer", body.path("status").asInt() + " " + body.path("reason").asString());
        var site = body.path("site");
        line(
                "site",
                site.isObject()
                        ? site.path("name").asString() + " in "
                                + site.path("directory").asString()
                        : "none");
        if (site.isObject()) {
            line("", site.path("why").asString());
        }
        line("file", body.path("file").asString("none"));
        var cache = body.path("cache");
        line("cache", cache.path("state").asString().toLowerCase(Locale.ROOT));
        for (var worker : cache.path("workers")) {
            if (!worker.path("codings").isEmpty()) {
                line("", cached(worker));
            }
        }
        several(
                "rules",
                body.path("rules"),
                rule -> rule.path("kind").asString() + " " + rule.path("text").asString());
        several("steps", body.path("steps"), JsonNode::asString);
        several(
                "fields",
                body.path("fields"),
                field -> field.path("name").asString() + ": "
                        + field.path("value").asString());
    }

    private static String cached(JsonNode worker) {
        var codings = new ArrayList<String>();
        worker.path("codings").forEach(coding -> codings.add(coding.asString()));
        return "worker %d: %s, %s"
                .formatted(
                        worker.path("worker").asInt(),
                        worker.path("openFiles").asInt() > 0
                                ? "kept open"
                                : worker.path("bytes").asLong() + " bytes in memory",
                        String.join(" and ", codings));
    }

    private static void several(String name, JsonNode all, java.util.function.Function<JsonNode, String> text) {
        var first = name;
        for (var one : all) {
            line(first, text.apply(one));
            first = "";
        }
    }

    private static void line(String name, String text) {
        Console.say(OutputOptions.printable("%-8s %s".formatted(name, text)));
    }
}
