package drover.admin.config;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Another place for the paths of a pattern, of which the client is told.
 *
 * @param from the paths
 * @param to where they are now; {@code $1} is what the first wildcard stood for, a query is kept
 * @param status of the answer
 */
@ConfigurationPropertiesSource
public record Redirect(
        PathGlob from,
        RedirectTarget to,
        @DefaultValue("301") int status) {

    private static final Set<Integer> STATUSES = Set.of(301, 302, 307, 308);

    public Redirect {
        Scalar.require(from != null && to != null, "it must have from and to");
        Scalar.require(STATUSES.contains(status), "status must be 301, 302, 307 or 308");
        RedirectTarget.requireCaptures(to.text(), from);
    }
}
