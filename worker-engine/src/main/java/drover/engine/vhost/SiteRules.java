package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration says of a site's answers.
 *
 * @param fallback the path answered where there is no file, for applications that route in the browser
 * @param errorPages paths of files by the status code they go with
 * @param headers of each field the first that matches counts
 * @param answerFields {@code Name: value}, for answers of every kind, after those of {@link #headers}
 * @param redirects the first that matches counts
 * @param rewrites the first that matches counts, and only once
 * @param access whom the site answers at all
 * @param cors which pages of other origins may read the answers
 * @param listings which directories without an index file are listed
 * @param protections who may see what; the first that matches counts
 */
public record SiteRules(
        Optional<String> fallback,
        Map<Integer, String> errorPages,
        List<HeaderRule> headers,
        List<String> answerFields,
        List<PathRule> redirects,
        List<PathRule> rewrites,
        Access access,
        Cors cors,
        List<Glob> listings,
        List<Protection> protections) {

    /** The most that a site's fields add to a head. */
    public static final int MAX_FIELD_BYTES = 4096;

    /** A site without configuration. */
    public static final SiteRules NONE = new SiteRules(
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Access.OPEN,
            Cors.OFF,
            List.of(),
            List.of());

    /** What a client may keep for ever because a changed file has another name. Shared caches are not clients. */
    private static final String IMMUTABLE = "Cache-Control: public, max-age=31536000, immutable";

    private static final String IMMUTABLE_PRIVATE = "Cache-Control: private, max-age=31536000, immutable";
    private static final String PRIVATE = "Cache-Control: private";

    private static final byte[] INDEX = Site.INDEX.getBytes(StandardCharsets.US_ASCII);

    public SiteRules {
        errorPages = Map.copyOf(errorPages);
        headers = List.copyOf(headers);
        answerFields = List.copyOf(answerFields);
        redirects = List.copyOf(redirects);
        rewrites = List.copyOf(rewrites);
        listings = List.copyOf(listings);
        protections = List.copyOf(protections);
    }

    /** Whether a directory without an index file is listed; its path ends with a slash. */
    public boolean lists(byte[] path) {
        return listings.stream().anyMatch(listing -> listing.matches(path, path.length));
    }

    /**
     * Who may see what lies at a path. A directory is protected with its index file, and a file with what lies compressed
     * beside it. Allocates nothing for a site without protections.
     */
    public Optional<Protection> protection(byte[] path, int length) {
        for (int i = 0; i < protections.size(); i++) {
            if (covers(protections.get(i).path(), path, length)) {
                return Optional.of(protections.get(i));
            }
        }
        return Optional.empty();
    }

    private static boolean covers(Glob glob, byte[] path, int length) {
        if (glob.matches(path, length)) {
            return true;
        }
        if (path[length - 1] == '/') {
            var index = Arrays.copyOf(path, length + INDEX.length);
            System.arraycopy(INDEX, 0, index, length, INDEX.length);
            return glob.matches(index, index.length);
        }
        int dot = length - 1;
        while (path[dot] != '.' && path[dot] != '/') {
            dot--;
        }
        return isCompressed(path, dot, length) && glob.matches(path, dot);
    }

    private static boolean isCompressed(byte[] path, int dot, int length) {
        var suffix = new String(path, dot, length - dot, StandardCharsets.ISO_8859_1);
        return suffix.equals(".br") || suffix.equals(".zst") || suffix.equals(".gz");
    }

    /** The fields of a file, each with its CR LF; rendered when the file is taken in, not for each request. */
    public String fieldsOf(String path) {
        return fields(path.getBytes(StandardCharsets.UTF_8), headers, List.of());
    }

    /** The fields of a directory's listing. */
    public String fieldsOfListing(byte[] path) {
        boolean isProtected = protection(path, path.length).isPresent();
        return fields(path, headers, List.of(isProtected ? PRIVATE + ", no-cache" : "Cache-Control: no-cache"));
    }

    /** Whether {@link #fieldsOfOthers} are none whatever the path. */
    public boolean hasNoFieldsOfOthers() {
        return answerFields.isEmpty() && headers.isEmpty() && protections.isEmpty();
    }

    /** The fields of answers that are no files. */
    public String fieldsOfOthers(byte[] path) {
        return fields(path, headers.stream().filter(HeaderRule::always).toList(), List.of());
    }

    private String fields(byte[] path, List<HeaderRule> rules, List<String> defaults) {
        boolean isProtected = protection(path, path.length).isPresent();
        var fields = new StringBuilder();
        var seen = new HashSet<String>();
        for (var rule : rules) {
            if (rule.path().matches(path, path.length)) {
                rule.fields().forEach(field -> add(isProtected ? withoutShared(field) : field, seen, fields));
            }
        }
        answerFields.forEach(field -> add(field, seen, fields));
        defaults.forEach(field -> add(field, seen, fields));
        // RFC 9111 §3.5 keeps shared caches from storing it anyhow; not all of them have read it.
        if (isProtected) {
            add(PRIVATE, seen, fields);
        }
        return fields.toString();
    }

    /** The preset was not meant to let shared caches give away what is protected; an operator's own words stand. */
    private static String withoutShared(String field) {
        return field.equals(IMMUTABLE) ? IMMUTABLE_PRIVATE : field;
    }

    private static void add(String field, HashSet<String> seen, StringBuilder fields) {
        int colon = field.indexOf(':');
        boolean isFirst = seen.add(field.substring(0, colon).toLowerCase(Locale.ROOT));
        if (isFirst && !field.substring(colon + 1).isBlank()) {
            fields.append(field).append("\r\n");
        }
    }
}
