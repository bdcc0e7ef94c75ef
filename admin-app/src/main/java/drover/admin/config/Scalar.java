package drover.admin.config;

/**
 * A value that is written as one text and checked when it is read, so that a bad one is refused with its line. Spring makes
 * it by its constructor, whose exception says what is wanted.
 */
public sealed interface Scalar
        permits AddressBlock,
                CacheRule,
                HostName,
                Listing,
                Origin,
                PasswordEntry,
                PathGlob,
                RedirectTarget,
                RewriteTarget,
                SecurityHeaders,
                SiteDirectory,
                SitePath {

    String text();

    /** Refuses a value. */
    static void require(boolean holds, String wanted) {
        if (!holds) {
            throw new IllegalArgumentException(wanted);
        }
    }
}
