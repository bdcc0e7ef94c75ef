package drover.admin.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.stereotype.Component;

/**
 * Answers Prometheus. However many scrape, and however often, it must not cost the workers their processors: a crowd shares
 * its answers, each format its own.
 */
@Component
@EndpointWebExtension(endpoint = PrometheusScrapeEndpoint.class)
final class SharedScrapes {

    private final PrometheusScrapeEndpoint endpoint;
    private final Map<PrometheusOutputFormat, Rationed<WebEndpointResponse<byte[]>>> answers = Arrays.stream(
                    PrometheusOutputFormat.values())
            .collect(Collectors.toUnmodifiableMap(format -> format, _ -> new Rationed<>(System::nanoTime)));

    SharedScrapes(PrometheusScrapeEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** @param includedNames null, as the framework has it, for all metrics; else those that were asked for by name */
    @ReadOperation(producesFrom = PrometheusOutputFormat.class)
    public WebEndpointResponse<byte[]> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames) {
        return includedNames == null
                ? Objects.requireNonNull(answers.get(format))
                        .get(() -> endpoint.scrape(format, /* includedNames= */ null))
                : endpoint.scrape(format, includedNames);
    }
}
