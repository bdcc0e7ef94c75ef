package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** One reading of {@code /actuator/prometheus}. */
record Scrape(List<String> lines) {

    static Scrape of(RunningDrover drover) throws IOException, InterruptedException {
        var response = ApiClient.fetch(drover.management("/actuator/prometheus"));
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

    boolean has(String metric) {
        return lines.stream().anyMatch(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "));
    }
}
