package drover.admin.config;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;

/**
 * Another file for the paths of a pattern, of which the client is not told.
 *
 * @param from the paths
 * @param to the path that is looked up instead; {@code $1} is what the first wildcard stood for
 */
@ConfigurationPropertiesSource
public record Rewrite(PathGlob from, RewriteTarget to) {

    public Rewrite {
        Scalar.require(from != null && to != null, "it must have from and to");
        RedirectTarget.requireCaptures(to.text(), from);
    }
}
