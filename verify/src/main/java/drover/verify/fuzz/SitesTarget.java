package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.vhost.ConfiguredSite;
import drover.engine.vhost.Glob;
import drover.engine.vhost.PathRule;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import drover.engine.vhost.VirtualHosts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Any bytes as a host, a pattern and a path, a line each: the site found is the one that nginx's order gives, a pattern
 * matches what its rules say, and where a client is sent to stays on the site.
 */
public final class SitesTarget {

    private static final Map<String, String> HOSTS = Map.of(
            "a.test", "exact",
            "www.a.test", "longer",
            "*.a.test", "end",
            "*.b.a.test", "longer-end",
            "a.*", "beginning",
            "a.b.*", "longer-beginning");
    private static final VirtualHosts SITES = new VirtualHosts(
            Path.of("/nonexistent"),
            HOSTS.entrySet().stream()
                    .map(host -> new ConfiguredSite(
                            host.getValue(), host.getValue(), false, List.of(host.getKey()), SiteRules.NONE))
                    .toList());

    /** What configuration allows, or nearly. */
    private static final int LONGEST_PATTERN = 64;

    private SitesTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        var lines = new String(input, ISO_8859_1).split("\n", 3);
        checkHost(lines[0]);
        if (lines.length == 3) {
            checkPattern(lines[1].substring(0, Math.min(lines[1].length(), LONGEST_PATTERN)), lines[2]);
        }
    }

    // ---- hosts

    private static void checkHost(String host) {
        var bytes = host.getBytes(ISO_8859_1);
        var found = TimeLimit.hold(() -> SITES.find(bytes, 0, bytes.length)).map(Site::name);
        Broken.unless(found.equals(site(host)), "host " + host + " is " + found + ", and should be " + site(host));
    }

    /** The order of nginx's server_name once more: the name itself, the longest end, the longest beginning. */
    private static Optional<String> site(String host) {
        var name = asciiLower(withoutPort(host));
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (HOSTS.containsKey(name)) {
            return Optional.of(HOSTS.get(name));
        }
        for (int dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            var end = HOSTS.get("*" + name.substring(dot));
            if (end != null) {
                return Optional.of(end);
            }
        }
        for (int dot = name.lastIndexOf('.', name.length() - 2); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            var beginning = HOSTS.get(name.substring(0, dot + 1) + "*");
            if (beginning != null) {
                return Optional.of(beginning);
            }
        }
        return Optional.empty();
    }

    private static String withoutPort(String host) {
        int from = host.startsWith("[") ? Math.max(0, host.indexOf(']')) : 0;
        int colon = host.startsWith("[") && from == 0 ? -1 : host.indexOf(':', from);
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String asciiLower(String text) {
        var lower = new StringBuilder();
        text.chars().forEach(c -> lower.append(c < 0x80 ? Character.toString(c).toLowerCase(Locale.ROOT) : (char) c));
        return lower.toString();
    }

    // ---- patterns

    private static void checkPattern(String pattern, String path) {
        var glob = new Glob(pattern);
        var bytes = path.getBytes(StandardCharsets.UTF_8);
        boolean matches = TimeLimit.hold(() -> glob.matches(bytes, bytes.length));
        // The plain way keeps a table of pattern times path.
        if (bytes.length <= 256) {
            Broken.unless(matches == PlainGlob.matches(pattern, path), pattern + " on " + path + " gives " + matches);
        }
        var location = new PathRule(glob, "/to/$1$2$9", 301).location(bytes, bytes.length);
        Broken.unless(location.isPresent() == matches, "a rule goes by another pattern");
        location.ifPresent(SitesTarget::checkLocation);
        new PathRule(glob, "/$1", 301).location(bytes, bytes.length).ifPresent(SitesTarget::checkLocation);
    }

    private static void checkLocation(String location) {
        Broken.unless(location.startsWith("/") && !location.startsWith("//"), "leads to another host: " + location);
        Broken.unless(
                location.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\'),
                "has a byte that no URL has: " + location);
    }
}
