package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A real Prometheus beside a farm of many workers and virtual hosts. */
public final class PrometheusScrapes implements Check {

    private static final int WORKERS = 8;
    private static final int VHOSTS = 50;
    private static final int SCRAPES = 30;
    private static final Duration TO_SCRAPE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[^,]+,\"([^\"]+)\"]");

    @Override
    public String name() {
        return "prometheus";
    }

    @Override
    public String rows() {
        return "";
    }

    @Override
    public String promise() {
        return "What Prometheus keeps is what the farm counts, and a scrape of many hosts is small and fast";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int each = stage.size(200, 20);
        for (int vhost = 0; vhost < VHOSTS; vhost++) {
            var site = Files.createDirectories(stage.nextFarm().resolve("sites").resolve(host(vhost)));
            Files.writeString(site.resolve("index.html"), "<!doctype html><title>" + host(vhost) + "</title>");
        }
        var farm = stage.farm("--drover.workers=" + WORKERS);
        for (int vhost = 0; vhost < VHOSTS; vhost++) {
            ask(farm, host(vhost), each);
        }

        scrapes(farm, findings);
        var prometheus = start(stage, farm);
        same(prometheus, findings, "sum(drover_vhost_http_requests_total{vhost!=\"_other\"})", (double) each * VHOSTS);
        same(prometheus, findings, "count(drover_vhost_http_requests_total{vhost!=\"_other\"})", VHOSTS);
        same(prometheus, findings, "drover_vhost_http_requests_total{vhost=\"" + host(7) + "\",code=\"200\"}", each);
        same(
                prometheus,
                findings,
                "sum(drover_http_response_duration_seconds_count{vhost!=\"_other\"})",
                (double) each * VHOSTS);
        same(
                prometheus,
                findings,
                "sum(drover_http_requests_total)",
                farm.metrics().sum("drover_http_requests_total"));
        same(prometheus, findings, "sum(drover_worker_up)", WORKERS);
    }

    private static String host(int vhost) {
        return "v" + vhost + ".test";
    }

    private static String request(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    private static void ask(Farm farm, String host, int times) throws Failed {
        for (int time = 0; time < times; time++) {
            try (var wire = Wire.open(farm.address())) {
                wire.send(request(host));
                var head = wire.head();
                wire.body(head.length(), Long.MAX_VALUE);
            }
        }
    }

    private static void scrapes(Farm farm, Findings findings) throws IOException {
        var millis = new ArrayList<Double>();
        long bytes = 0;
        // Without those that are shared with others, which take no time; after a few that is all but one a second.
        var end = Deadline.within(TO_SCRAPE);
        while (millis.size() < SCRAPES && !end.isOver()) {
            long begun = System.nanoTime();
            var connection = farm.metricsAddress().toURL().openConnection();
            try (var body = connection.getInputStream()) {
                bytes = body.readAllBytes().length;
            }
            if (connection.getHeaderField("Age") == null) {
                millis.add((System.nanoTime() - begun) / 1e6);
            } else {
                Deadline.within(Duration.ofMillis(100)).pass();
            }
        }
        findings.exactly("scrapes that were made anew", millis.size(), SCRAPES);
        millis.sort(null);
        findings.atMost("a scrape takes, median", millis.get(millis.size() / 2), 50, "ms");
        findings.atMost("bytes of a scrape", bytes, 2_000_000);
    }

    /** Its own address. */
    private static URI start(Stage stage, Farm farm) throws IOException {
        var config = stage.directory().resolve("prometheus.yml");
        Files.writeString(config, """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: drover
                    metrics_path: /actuator/prometheus
                    static_configs:
                      - targets: ["%s"]
                """.formatted(farm.metricsAddress().getAuthority()));
        var address = "127.0.0.1:" + Ports.free();
        var process = new ProcessBuilder(List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + stage.directory().resolve("tsdb"),
                        "--web.listen-address=" + address))
                .redirectErrorStream(true)
                .redirectOutput(stage.directory().resolve("prometheus.out").toFile())
                .start();
        stage.own(process::destroyForcibly);
        return URI.create("http://" + address);
    }

    private static void same(URI prometheus, Findings findings, String query, double expected) {
        var said = new String[] {"nothing"};
        boolean same = Deadline.within(PATIENCE).until(() -> {
            said[0] = ask(prometheus, query);
            return said[0].matches("[0-9.e+]+") && Double.parseDouble(said[0]) == expected;
        });
        findings.judge(query, said[0], Double.toString(expected), same);
    }

    private static String ask(URI prometheus, String query) {
        var address = prometheus.resolve("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        try (var body = address.toURL().openStream()) {
            var value = VALUE.matcher(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            return value.find() ? value.group(1) : "nothing";
        } catch (IOException notYet) {
            return String.valueOf(notYet.getMessage());
        }
    }
}
