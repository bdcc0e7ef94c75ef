package drover.engine.vhost;

import drover.engine.peer.AddressBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the sites that admin wrote, numbered from 1; {@code docs/formats/worker.md} lists the keys. An unknown one is an
 * error: what admin and worker understand differently must not be served.
 */
public final class SitesFile {

    private final Path file;
    private final Properties properties = new Properties();
    private final Set<String> read = new HashSet<>();

    private SitesFile(Path file) {
        this.file = file;
    }

    /** What is wrong with the file. */
    public static final class Invalid extends RuntimeException {

        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    public static List<ConfiguredSite> read(Path file) {
        var sites = new SitesFile(file);
        try (var reader = Files.newBufferedReader(file)) {
            sites.properties.load(reader);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Invalid("cannot read " + file + ": " + unreadable.getMessage());
        }
        return sites.sites();
    }

    private List<ConfiguredSite> sites() {
        var sites = new ArrayList<ConfiguredSite>();
        for (int n = 1; has("site." + n + ".name"); n++) {
            sites.add(site("site." + n + "."));
        }
        properties.stringPropertyNames().stream()
                .filter(key -> !read.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new Invalid(file + ": unknown key " + key);
                });
        return List.copyOf(sites);
    }

    private ConfiguredSite site(String prefix) {
        return new ConfiguredSite(
                text(prefix + "name"),
                text(prefix + "directory"),
                flag(prefix + "default"),
                list(prefix + "host."),
                rules(prefix));
    }

    private SiteRules rules(String prefix) {
        var rules = new SiteRules(
                optional(prefix + "fallback"),
                errorPages(prefix + "error-page."),
                headers(prefix + "header."),
                list(prefix + "field."),
                pathRules(prefix + "redirect."),
                pathRules(prefix + "rewrite."),
                new Access(blocks(prefix + "allow."), blocks(prefix + "deny."), flag(prefix + "maintenance")),
                cors(prefix + "cors."),
                list(prefix + "listing.").stream().map(Glob::new).toList(),
                protections(prefix + "auth."));
        refuseLong(prefix, rules);
        return rules;
    }

    private Cors cors(String prefix) {
        if (!has(prefix + "max-age")) {
            return Cors.OFF;
        }
        return new Cors(
                list(prefix + "origin."),
                text(prefix + "methods"),
                text(prefix + "headers"),
                number(prefix + "max-age", text(prefix + "max-age")),
                flag(prefix + "credentials"));
    }

    private List<AddressBlock> blocks(String prefix) {
        try {
            return list(prefix).stream().map(AddressBlock::of).toList();
        } catch (IllegalArgumentException malformed) {
            throw new Invalid(file + ": " + prefix + " " + malformed.getMessage());
        }
    }

    private List<HeaderRule> headers(String prefix) {
        var rules = new ArrayList<HeaderRule>();
        for (int n = 1; has(prefix + n + ".path"); n++) {
            rules.add(new HeaderRule(
                    new Glob(text(prefix + n + ".path")), list(prefix + n + ".field."), flag(prefix + n + ".always")));
        }
        return rules;
    }

    private List<Protection> protections(String prefix) {
        var protections = new ArrayList<Protection>();
        for (int n = 1; has(prefix + n + ".path"); n++) {
            protections.add(new Protection(
                    new Glob(text(prefix + n + ".path")),
                    text(prefix + n + ".realm"),
                    list(prefix + n + ".user."),
                    optional(prefix + n + ".users-file").map(Path::of)));
        }
        return protections;
    }

    private List<PathRule> pathRules(String prefix) {
        var rules = new ArrayList<PathRule>();
        for (int n = 1; has(prefix + n + ".from"); n++) {
            var status = prefix + n + ".status";
            rules.add(new PathRule(
                    new Glob(text(prefix + n + ".from")), text(prefix + n + ".to"), number(status, text(status))));
        }
        return rules;
    }

    /** Heads are written into buffers of a certain room. */
    private void refuseLong(String prefix, SiteRules rules) {
        int bytes = Stream.concat(
                        rules.headers().stream().flatMap(rule -> rule.fields().stream()), rules.answerFields().stream())
                .mapToInt(field -> field.length() + 2)
                .sum();
        if (bytes > SiteRules.MAX_FIELD_BYTES) {
            throw new Invalid(file + ": fields of " + prefix + " are longer than " + SiteRules.MAX_FIELD_BYTES);
        }
    }

    private Map<Integer, String> errorPages(String prefix) {
        var pages = new TreeMap<Integer, String>();
        for (var key : properties.stringPropertyNames()) {
            if (key.startsWith(prefix)) {
                pages.put(number(key, key.substring(prefix.length())), text(key));
            }
        }
        return pages;
    }

    // ---- single values

    private boolean has(String key) {
        return properties.containsKey(key);
    }

    private String text(String key) {
        return optional(key).orElseThrow(() -> new Invalid(file + ": missing key " + key));
    }

    private Optional<String> optional(String key) {
        read.add(key);
        return Optional.ofNullable(properties.getProperty(key));
    }

    private boolean flag(String key) {
        return optional(key).filter(value -> value.equals("true")).isPresent();
    }

    private List<String> list(String prefix) {
        var values = new ArrayList<String>();
        for (int n = 1; has(prefix + n); n++) {
            values.add(text(prefix + n));
        }
        return values;
    }

    private int number(String key, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new Invalid(file + ": " + key + ": not a number: " + text);
        }
    }
}
