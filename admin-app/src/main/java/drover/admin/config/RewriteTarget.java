package drover.admin.config;

/** A path within the site; {@code $1} is what the first wildcard stood for. */
public record RewriteTarget(String text) implements Scalar {

    public RewriteTarget {
        Scalar.require(
                text.matches("/[^\\\\\\p{Cntrl}?#%]*") && !text.contains("//") && !text.contains("/."),
                "it must be a path within the site, such as /new/$1");
    }
}
