package drover.verify.farm;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One answer of the endpoint that Prometheus reads. */
public final class Metrics {

    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    static Metrics read(URI address) throws IOException {
        try (var body = address.toURL().openStream()) {
            return new Metrics(new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList());
        }
    }

    /** The sum of a metric over all its labels that hold {@code label}, such as {@code worker="1"}; 0 if there is none. */
    public double sum(String metric, String label) {
        return lines.stream()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Over how many labels a metric is told. */
    long count(String metric) {
        return lines.stream().filter(line -> line.startsWith(metric + "{")).count();
    }

    /** The sum of a metric over all its labels. */
    public double sum(String metric) {
        return sum(metric, "");
    }
}
