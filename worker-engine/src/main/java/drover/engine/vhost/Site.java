package drover.engine.vhost;

import java.nio.file.Path;

/**
 * One virtual host: a directory below the document root.
 *
 * @param name the directory's name: a hostname in lower case, or {@code default}
 */
public record Site(String name, Path directory) {}
