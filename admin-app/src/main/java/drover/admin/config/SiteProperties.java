package drover.admin.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The keys of one site, {@code drover.sites.NAME}.
 *
 * @param directory below the document root; the site's name if it is not given
 * @param hosts names it serves, without ports; its directory's if none are given. A whole name comes before the longest
 *     {@code *.end}, that before the longest {@code beginning.*}
 * @param isDefault whether it serves the hosts that no other site serves; without such a site the directory {@code default} does
 * @param fallback answered with 200 where there is no file and the path's last segment has no dot
 * @param errorPages files in the place of Drover's own pages, by status; the status stays
 * @param securityHeaders fields of every answer that keep browsers from helping attackers
 * @param headers fields for files that are found; of each field the first rule that matches counts
 * @param redirects other places of which the client is told; the first that matches counts
 * @param rewrites other files of which the client is not told; the first that matches counts, after redirects
 * @param maintenance whether every request is answered 503 with Retry-After
 * @param allow clients that are answered, others get 403; an empty list is everybody
 * @param deny clients that get 403 even if allowed
 * @param cors which pages of other origins may read the answers
 * @param listing directories without an index.html that are listed
 * @param auth paths for users only, by HTTP Basic; the first that matches counts
 */
@ConfigurationPropertiesSource
public record SiteProperties(
        Optional<SiteDirectory> directory,
        @DefaultValue List<HostName> hosts,
        @Name("default") @DefaultValue("false") boolean isDefault,
        Optional<SitePath> fallback,
        @DefaultValue Map<Integer, SitePath> errorPages,
        @DefaultValue("false") SecurityHeaders securityHeaders,
        @DefaultValue List<HeaderRule> headers,
        @DefaultValue List<Redirect> redirects,
        @DefaultValue List<Rewrite> rewrites,
        @DefaultValue("false") boolean maintenance,
        @DefaultValue List<AddressBlock> allow,
        @DefaultValue List<AddressBlock> deny,
        @DefaultValue Cors cors,
        @DefaultValue("false") List<Listing> listing,
        @DefaultValue List<Protection> auth) {

    private static final Set<Integer> PAGES = Set.of(401, 403, 404, 500, 503);

    private static final int MAX_FIELD_BYTES = 4096;

    public SiteProperties {
        hosts = List.copyOf(hosts);
        errorPages = Collections.unmodifiableMap(new TreeMap<>(errorPages));
        headers = List.copyOf(headers);
        redirects = List.copyOf(redirects);
        rewrites = List.copyOf(rewrites);
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        listing = List.copyOf(listing);
        auth = List.copyOf(auth);
        Scalar.require(PAGES.containsAll(errorPages.keySet()), "error-pages are for 401, 403, 404, 500 and 503");
        Scalar.require(
                cors.origins().isEmpty()
                        || headers.stream()
                                .flatMap(rule -> rule.set().keySet().stream())
                                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-")),
                "cors and headers both speak of Access-Control fields");
        int fieldBytes = Stream.concat(
                        securityHeaders.fields().stream(), headers.stream().flatMap(rule -> rule.fields().stream()))
                .mapToInt(field -> field.length() + 2)
                .sum();
        Scalar.require(fieldBytes <= MAX_FIELD_BYTES, "headers are longer than " + MAX_FIELD_BYTES + " bytes together");
    }

    /** The fields of every answer, each {@code Name: value}. */
    public List<String> answerFields() {
        return securityHeaders.fields();
    }

    /** The same with every relative path taken from Drover's home. */
    SiteProperties resolvedAgainst(Path home) {
        return new SiteProperties(
                directory,
                hosts,
                isDefault,
                fallback,
                errorPages,
                securityHeaders,
                headers,
                redirects,
                rewrites,
                maintenance,
                allow,
                deny,
                cors,
                listing,
                auth.stream().map(one -> one.resolvedAgainst(home)).toList());
    }

    public String directory(String name) {
        return directory.map(SiteDirectory::text).orElse(name);
    }

    /** The hosts by which a site of this name is found. */
    public List<String> hosts(String name) {
        return hosts.isEmpty()
                ? List.of(new HostName(directory(name)).text())
                : hosts.stream().map(HostName::text).toList();
    }

    /** Whether a site of this name serves all other hosts: if it says so, or by its directory's name. */
    public boolean isDefault(String name) {
        return isDefault || directory(name).equals("default");
    }
}
