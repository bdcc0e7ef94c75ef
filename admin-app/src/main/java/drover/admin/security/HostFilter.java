package drover.admin.security;

import drover.admin.config.DroverProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers only by names we know, so that no foreign name that was made to resolve to this machine (DNS rebinding) can speak
 * for the dashboard in somebody's browser. An address as name cannot be made to resolve to anything else.
 */
final class HostFilter extends OncePerRequestFilter {

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Set<String> names;

    HostFilter(DroverProperties.Admin admin) {
        names = new TreeSet<>(List.of("localhost", admin.address().toLowerCase(Locale.ROOT)));
        admin.allowedHosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var name = request.getServerName().toLowerCase(Locale.ROOT);
        if (names.contains(name)
                || name.endsWith(".localhost")
                || ADDRESS.matcher(name).matches()) {
            chain.doFilter(request, response);
            return;
        }
        ProblemWriter.write(
                request,
                response,
                HttpStatus.MISDIRECTED_REQUEST,
                "The dashboard does not answer to this host name; add it to admin.allowed-hosts.");
    }
}
