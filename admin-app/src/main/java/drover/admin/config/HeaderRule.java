package drover.admin.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Fields for the files of a pattern.
 *
 * @param path files whose path is like this: {@code *} is anything without a slash, {@code **} anything
 * @param set values by name; an empty one leaves a field out that a later rule would set
 * @param cache what {@code Cache-Control} says; {@code immutable} stands for {@code public, max-age=31536000, immutable}
 * @param always whether they go with any answer to a path of the pattern: errors and redirects, too
 */
@ConfigurationPropertiesSource
public record HeaderRule(
        @DefaultValue("/**") PathGlob path,
        @DefaultValue Map<String, String> set,
        Optional<CacheRule> cache,
        @DefaultValue("false") boolean always) {

    /** Those the worker answers for: two of them would contradict each other. */
    private static final Set<String> OURS = Set.of(
            "accept-ranges",
            "allow",
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "date",
            "etag",
            "keep-alive",
            "last-modified",
            "location",
            "retry-after",
            "server",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "www-authenticate");

    public HeaderRule {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        set.forEach(HeaderRule::check);
        Scalar.require(
                cache.isEmpty() || set.keySet().stream().noneMatch("cache-control"::equalsIgnoreCase),
                "cache and set both speak of Cache-Control");
    }

    private static void check(String name, String value) {
        Scalar.require(
                name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+"), "\"" + name + "\" cannot be a field's name, RFC 9110 5.1");
        Scalar.require(!OURS.contains(name.toLowerCase(Locale.ROOT)), name + " is for Drover to say");
        Scalar.require(
                value.matches("[\\x20-\\x7e]*"), "the value of " + name + " must be printable ASCII in one line");
    }

    /** Each {@code Name: value}. */
    public List<String> fields() {
        var fields = new ArrayList<String>();
        set.forEach((name, value) -> fields.add(name + ": " + value.strip()));
        cache.ifPresent(rule -> fields.add(rule.field()));
        return fields;
    }
}
