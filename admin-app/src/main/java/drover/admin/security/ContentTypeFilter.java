package drover.admin.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes bodies only of types that a page of another origin cannot send without asking first, JSON and YAML; and the login's
 * form.
 */
final class ContentTypeFilter extends OncePerRequestFilter {

    private static final Set<String> SUBTYPES = Set.of("json", "yaml", "x-yaml");

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !AuditFilter.changes(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isTaken(request)) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader(HttpHeaders.ACCEPT, "application/json, application/yaml");
        ProblemWriter.write(
                request,
                response,
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "The body must be application/json or application/yaml.");
    }

    private static boolean isTaken(HttpServletRequest request) {
        return Optional.ofNullable(request.getContentType())
                .map(type -> isTaken(type, request))
                .orElseGet(() -> !hasBody(request));
    }

    private static boolean isTaken(String text, HttpServletRequest request) {
        try {
            var type = MediaType.parseMediaType(text);
            // Of a command without a body: what it is of does not matter, and clients are fond of saying so.
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_FORM_URLENCODED)
                    ? request.getRequestURI().equals(SessionController.LOGIN) || !hasBody(request)
                    : SUBTYPES.contains(type.getSubtype());
        } catch (InvalidMediaTypeException none) {
            return false;
        }
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }
}
