package drover.admin.config;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which pages of other origins may read a site's answers.
 *
 * @param origins whose pages may read the answers; none for off, {@code *} for all
 * @param methods that a preflight allows
 * @param headers of requests that a preflight allows
 * @param maxAge how long a browser may rely on a preflight
 * @param credentials whether cookies may go along
 */
@ConfigurationPropertiesSource
public record Cors(
        @DefaultValue List<Origin> origins,
        @DefaultValue({"GET", "HEAD"}) List<String> methods,
        @DefaultValue List<String> headers,
        @DefaultValue("10m") Duration maxAge,
        @DefaultValue("false") boolean credentials) {

    private static final int MAX_LIST_BYTES = 1024;

    public Cors {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        boolean forAll = origins.stream().anyMatch(origin -> origin.text().equals("*"));
        Scalar.require(!forAll || origins.size() == 1, "origins are * or a list, not both");
        Scalar.require(!forAll || !credentials, "credentials want origins by name, not *");
        Scalar.require(
                methods.stream().allMatch(method -> method.matches("GET|HEAD|OPTIONS")),
                "methods must be of GET, HEAD and OPTIONS");
        Scalar.require(
                headers.stream().allMatch(header -> header.matches("[A-Za-z0-9-]+"))
                        && String.join(", ", headers).length() <= MAX_LIST_BYTES,
                "headers must be names of fields");
        Scalar.require(!maxAge.isNegative(), "max-age must not be negative");
    }
}
