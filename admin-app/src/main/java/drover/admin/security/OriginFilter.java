package drover.admin.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only our own pages call the API, by what the browser itself says of the page that calls. Cookies and SameSite do not
 * tell ports apart: to them a page of the site that Drover serves is one of the dashboard's. Programs send neither field.
 */
final class OriginFilter extends OncePerRequestFilter {

    private static final Set<String> FROM_US = Set.of("same-origin", "none");

    /** A host with or without a port; of an IPv6 address with its brackets. */
    private static final Pattern AUTHORITY = Pattern.compile("(?<host>\\[[^]]*]|[^:]*)(:(?<port>\\d{1,5}))?");

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !AuditFilter.changes(request) && !request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOurs(request)) {
            chain.doFilter(request, response);
            return;
        }
        ProblemWriter.write(
                request, response, HttpStatus.FORBIDDEN, "Refused: a page of another origin has sent this.");
    }

    private static boolean isOurs(HttpServletRequest request) {
        var site = Optional.ofNullable(request.getHeader("Sec-Fetch-Site"));
        var origin = Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN));
        return site.map(FROM_US::contains).orElse(true)
                && origin.map(from -> isSame(from, request.getHeader(HttpHeaders.HOST)))
                        .orElse(true);
    }

    /** Host and port must be the same; the scheme need not, because a proxy may have taken TLS off. */
    private static boolean isSame(String origin, @Nullable String host) {
        try {
            var from = new URI(origin);
            var called = AUTHORITY.matcher(Optional.ofNullable(host).orElse(""));
            if (from.getHost() == null || from.getScheme() == null || !called.matches()) {
                return false;
            }
            int otherwise = from.getScheme().equals("https") ? 443 : 80;
            int port = Optional.ofNullable(called.group("port"))
                    .map(Integer::valueOf)
                    .orElse(otherwise);
            return from.getHost().equalsIgnoreCase(called.group("host"))
                    && (from.getPort() < 0 ? otherwise : from.getPort()) == port;
        } catch (URISyntaxException none) {
            return false; // "null", of a page that has none
        }
    }
}
