package drover.admin.config;

/** The path of a file within a site: {@code /index.html}. */
public record SitePath(String text) implements Scalar {

    public SitePath {
        Scalar.require(
                text.matches("(/[^/\\\\\\p{Cntrl}?#%]+)+") && !text.contains("/."),
                "it must be a path within the site, such as /index.html");
    }
}
