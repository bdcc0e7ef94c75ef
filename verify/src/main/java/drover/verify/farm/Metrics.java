package drover.verify.farm;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One answer of the endpoint that Prometheus reads. */
public final class Metrics {

    private static final Duration UNTIL_OURS = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    /** What is so now: an answer that is shared with others, by its {@code Age}, is of a second before. */
    static Metrics read(URI address) throws IOException {
        var end = Deadline.within(UNTIL_OURS);
        while (true) {
            var connection = address.toURL().openConnection();
            try (var body = connection.getInputStream()) {
                var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                if (connection.getHeaderField("Age") == null) {
                    return new Metrics(
                            text.lines().filter(line -> !line.startsWith("#")).toList());
                }
            }
            if (end.isOver()) {
                throw new IOException(address + " gave only answers that others had before");
            }
            Deadline.within(BETWEEN).pass();
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
