package drover.admin.config;

/** A directory below the document root: {@code example.org}, {@code shop/public}. */
public record SiteDirectory(String text) implements Scalar {

    public SiteDirectory {
        Scalar.require(
                text.matches("[^/.\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*(/[^/.\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]*)*"),
                "it must be a directory below document-root, such as example.org");
    }
}
