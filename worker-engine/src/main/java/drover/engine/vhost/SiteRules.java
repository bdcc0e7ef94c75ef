package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
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
 * @param headers for files that are found; of each field the first that matches counts
 * @param answerFields {@code Name: value}, for answers of every kind, after those of {@link #headers}
 * @param redirects the first that matches counts
 * @param rewrites the first that matches counts, and only once
 * @param access whom the site answers at all
 * @param cors which pages of other origins may read the answers
 */
public record SiteRules(
        Optional<String> fallback,
        Map<Integer, String> errorPages,
        List<HeaderRule> headers,
        List<String> answerFields,
        List<PathRule> redirects,
        List<PathRule> rewrites,
        Access access,
        Cors cors) {

    /** The most that a site's fields add to a head. */
    public static final int MAX_FIELD_BYTES = 4096;

    /** A site without configuration. */
    public static final SiteRules NONE = new SiteRules(
            Optional.empty(), Map.of(), List.of(), List.of(), List.of(), List.of(), Access.OPEN, Cors.OFF);

    public SiteRules {
        errorPages = Map.copyOf(errorPages);
        headers = List.copyOf(headers);
        answerFields = List.copyOf(answerFields);
        redirects = List.copyOf(redirects);
        rewrites = List.copyOf(rewrites);
    }

    /** The fields of a file, each with its CR LF; rendered when the file is taken in, not for each request. */
    public String fieldsOf(String path) {
        var bytes = path.getBytes(StandardCharsets.UTF_8);
        var fields = new StringBuilder();
        var seen = new HashSet<String>();
        for (var rule : headers) {
            if (rule.path().matches(bytes, bytes.length)) {
                rule.fields().forEach(field -> add(field, seen, fields));
            }
        }
        answerFields.forEach(field -> add(field, seen, fields));
        return fields.toString();
    }

    /** The fields of answers that are no files. */
    public String fieldsOfOthers() {
        var fields = new StringBuilder();
        answerFields.forEach(field -> add(field, new HashSet<>(), fields));
        return fields.toString();
    }

    private static void add(String field, HashSet<String> seen, StringBuilder fields) {
        int colon = field.indexOf(':');
        boolean isFirst = seen.add(field.substring(0, colon).toLowerCase(Locale.ROOT));
        if (isFirst && !field.substring(colon + 1).isBlank()) {
            fields.append(field).append("\r\n");
        }
    }
}
