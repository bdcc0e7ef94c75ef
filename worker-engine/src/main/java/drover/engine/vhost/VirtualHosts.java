package drover.engine.vhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The sites: those of the configuration, and every other directory below the document root by the name of the host it
 * serves; {@code default} serves all other hosts. A name or directory that the configuration mentions is served as it says
 * and in no other way. The directories are looked through once a second by the housekeeping thread and read by every loop,
 * so that a new directory is a new site and finding a site never waits for a disk.
 */
public final class VirtualHosts {

    private static final String DEFAULT = "default";

    private final Path documentRoot;
    private final List<ConfiguredSite> configured;
    /** Names of directories that are no sites of their own. */
    private final Set<String> claimed = new HashSet<>();

    private Map<String, Site> directories = Map.of();
    private volatile Tables tables;

    /** Without configuration: every directory is a site. */
    public VirtualHosts(Path documentRoot) {
        this(documentRoot, List.of());
    }

    public VirtualHosts(Path documentRoot, List<ConfiguredSite> configured) {
        this.documentRoot = documentRoot;
        this.configured = List.copyOf(configured);
        for (var site : configured) {
            claimed.add(site.name().toLowerCase(Locale.ROOT));
            claimed.add(Path.of(site.directory()).getName(0).toString().toLowerCase(Locale.ROOT));
        }
        tables = tables();
        refresh();
    }

    /** Looks at the document root again. If it cannot be read there are only configured sites until it can. */
    public void refresh() {
        var found = directories();
        if (!found.equals(directories)) {
            directories = found;
            tables = tables();
        }
    }

    private Map<String, Site> directories() {
        try (var entries = Files.list(documentRoot)) {
            return entries.filter(Files::isDirectory)
                    .map(directory ->
                            new Site(directory.getFileName().toString().toLowerCase(Locale.ROOT), directory))
                    .filter(site -> !site.name().startsWith(".") && !claimed.contains(site.name()))
                    .collect(Collectors.toMap(Site::name, Function.identity(), (first, second) -> first));
        } catch (IOException gone) {
            return Map.of();
        }
    }

    private Tables tables() {
        var exact = new HashMap<>(directories);
        var leading = new HashMap<String, Site>();
        var trailing = new HashMap<String, Site>();
        var others = Optional.ofNullable(directories.get(DEFAULT));
        for (var one : configured) {
            var site = new Site(one.name(), documentRoot.resolve(one.directory()), one.rules());
            for (var host : one.hosts()) {
                if (host.startsWith("*.")) {
                    leading.put(host.substring(1), site);
                } else if (host.endsWith(".*")) {
                    trailing.put(host.substring(0, host.length() - 1), site);
                } else {
                    exact.put(host, site);
                }
            }
            others = one.isDefault() ? Optional.of(site) : others;
        }
        return new Tables(new HostTable(exact), new HostTable(leading), new HostTable(trailing), others);
    }

    /** The site for a Host as it was sent, with or without a port; the bytes are ASCII. */
    public Optional<Site> find(byte[] bytes, int from, int to) {
        return tables.find(bytes, from, nameEnd(bytes, from, to));
    }

    /** Why {@link #find} finds what it does. */
    public enum Reason {
        /** The site has this name, or is named so. */
        NAME,
        /** The site has all names with this end. */
        END,
        /** The site has all names with this beginning. */
        BEGINNING,
        /** No other site has the name, and this one has what no other has. */
        DEFAULT,
        /** No site has the name, and there is none for all others. */
        NOBODY
    }

    public Reason reason(byte[] bytes, int from, int to) {
        return tables.reason(bytes, from, nameEnd(bytes, from, to));
    }

    private static int nameEnd(byte[] bytes, int from, int to) {
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
        return end;
    }

    /**
     * Sites by exact name, by the end of a name and by its beginning, each with the dot, in the order in which nginx's
     * {@code server_name} is looked up.
     */
    private record Tables(HostTable exact, HostTable leading, HostTable trailing, Optional<Site> others) {

        Optional<Site> find(byte[] bytes, int from, int to) {
            var site = exact.find(bytes, from, to);
            if (site.isEmpty()) {
                site = byEnd(bytes, from, to);
            }
            if (site.isEmpty()) {
                site = byBeginning(bytes, from, to);
            }
            return site.isEmpty() ? others : site;
        }

        /** The longest end comes first; the star stands for at least one byte, here as below. */
        private Optional<Site> byEnd(byte[] bytes, int from, int to) {
            Optional<Site> site = Optional.empty();
            for (int at = from + 1; site.isEmpty() && at < to; at++) {
                site = bytes[at] == '.' ? leading.find(bytes, at, to) : site;
            }
            return site;
        }

        /** The longest beginning comes first. */
        private Optional<Site> byBeginning(byte[] bytes, int from, int to) {
            Optional<Site> site = Optional.empty();
            for (int at = to - 2; site.isEmpty() && at > from; at--) {
                site = bytes[at] == '.' ? trailing.find(bytes, from, at + 1) : site;
            }
            return site;
        }

        Reason reason(byte[] bytes, int from, int to) {
            if (exact.find(bytes, from, to).isPresent()) {
                return Reason.NAME;
            }
            if (byEnd(bytes, from, to).isPresent()) {
                return Reason.END;
            }
            if (byBeginning(bytes, from, to).isPresent()) {
                return Reason.BEGINNING;
            }
            return others.isPresent() ? Reason.DEFAULT : Reason.NOBODY;
        }
    }
}
