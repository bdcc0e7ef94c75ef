package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One reading of {@code /actuator/prometheus}, made for us: what a crowd shares, by its {@code Age}, is of a second before. */
record Scrape(List<String> lines) {

    private static final Pattern REQUESTS = Pattern.compile("drover_vhost_http_requests_total"
            + "\\{code=\"(?<code>\\w+)\",method=\"(?<method>\\w+)\",vhost=\"(?<vhost>[^\"]+)\"} (?<count>\\S+)");

    static Scrape of(RunningDrover drover) throws IOException, InterruptedException {
        var response = await().atMost(RunningDrover.PATIENCE)
                .until(
                        () -> ApiClient.fetch(drover.management("/actuator/prometheus")),
                        answer -> answer.headers().firstValue("Age").isEmpty());
        assertThat(response.statusCode()).isEqualTo(200);
        return new Scrape(response.body().lines().toList());
    }

    /** The sum over all series of a metric whose labels hold all the given ones, {@code worker="1"}. */
    double sum(String metric, String... labels) {
        return lines.stream()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Whether there is a series of a metric; of a histogram its number of values. */
    boolean has(String metric) {
        return Stream.of(metric, metric + "_count")
                .anyMatch(name ->
                        lines.stream().anyMatch(line -> line.startsWith(name + "{") || line.startsWith(name + " ")));
    }

    /** Requests by {@code vhost method code}, those that never were left out. */
    Map<String, Long> requests() {
        return lines.stream()
                .map(REQUESTS::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(
                        line -> line.group("vhost") + " " + line.group("method") + " " + line.group("code"),
                        line -> (long) Double.parseDouble(line.group("count"))));
    }

    /** How much they have grown since an earlier reading, by {@code vhost method code}. */
    Map<String, Long> requestsSince(Scrape earlier) {
        var before = earlier.requests();
        var grown = new TreeMap<String, Long>();
        requests().forEach((key, count) -> {
            long more = count - before.getOrDefault(key, 0L);
            if (more != 0) {
                grown.put(key, more);
            }
        });
        return grown;
    }
}
