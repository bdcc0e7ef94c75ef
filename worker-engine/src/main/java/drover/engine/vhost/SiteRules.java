package drover.engine.vhost;

import java.util.Map;
import java.util.Optional;

/**
 * What the configuration says of a site's answers.
 *
 * @param fallback the path answered where there is no file, for applications that route in the browser
 * @param errorPages paths of files by the status code they go with
 */
public record SiteRules(Optional<String> fallback, Map<Integer, String> errorPages) {

    /** A site without configuration. */
    public static final SiteRules NONE = new SiteRules(Optional.empty(), Map.of());

    public SiteRules {
        errorPages = Map.copyOf(errorPages);
    }
}
