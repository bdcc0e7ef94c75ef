package drover.engine.vhost;

import java.nio.file.Path;

/**
 * One virtual host: a directory below the document root.
 *
 * @param name of a site without configuration the directory's name in lower case: a hostname, or {@code default}; of one
 *     with configuration its name there. No two sites share a name
 */
public record Site(String name, Path directory, SiteRules rules) {

    /** The file that a directory answers with. */
    public static final String INDEX = "index.html";

    /** A site without configuration. */
    public Site(String name, Path directory) {
        this(name, directory, SiteRules.NONE);
    }
}
