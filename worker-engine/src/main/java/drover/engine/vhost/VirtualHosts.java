package drover.engine.vhost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The sites: every directory below the document root is one, by the name of the hosts it serves; {@code default} serves all
 * other hosts. The list is looked through once a second by the housekeeping thread and read by every loop, so that a new
 * directory is a new site and finding a site never waits for a disk.
 */
public final class VirtualHosts {

    private static final String DEFAULT = "default";

    private final Path documentRoot;
    private volatile Map<String, Site> sites = Map.of();

    public VirtualHosts(Path documentRoot) {
        this.documentRoot = documentRoot;
        refresh();
    }

    /** Looks at the document root again. If it cannot be read there are no sites until it can. */
    public void refresh() {
        try (var entries = Files.list(documentRoot)) {
            var found = entries.filter(Files::isDirectory)
                    .map(directory ->
                            new Site(directory.getFileName().toString().toLowerCase(Locale.ROOT), directory))
                    .filter(site -> !site.name().startsWith("."))
                    .collect(Collectors.toMap(Site::name, Function.identity(), (first, second) -> first));
            if (!found.equals(sites)) {
                sites = Map.copyOf(found);
            }
        } catch (IOException gone) {
            sites = Map.of();
        }
    }

    /** The site for a Host as it was sent, with or without a port; the bytes are ASCII. */
    public Optional<Site> find(byte[] bytes, int from, int to) {
        int end = from;
        boolean address = from < to && bytes[from] == '[';
        while (end < to && (address || bytes[end] != ':')) {
            address &= bytes[end] != ']';
            end++;
        }
        // RFC 1034 §3.1: a name may end in a dot, and is the same name.
        if (end > from && bytes[end - 1] == '.') {
            end--;
        }
        var host = new String(bytes, from, end - from, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        var known = sites;
        var site = known.get(host);
        return Optional.ofNullable(site != null ? site : known.get(DEFAULT));
    }
}
