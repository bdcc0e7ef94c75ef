package drover.admin.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in who brings a token, {@code Authorization: Bearer drover_…}. Such a request has no session and no use for one. */
final class TokenFilter extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";

    private final Tokens tokens;

    TokenFilter(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Whoever came in by a token. */
    record Bearer(String user, String tokenId, Role role) implements AuthenticatedPrincipal {
        @Override
        public String getName() {
            return user;
        }
    }

    /** Whether a request brings a token, good or bad. */
    static boolean broughtIn(HttpServletRequest request) {
        return secret(request).isPresent();
    }

    private static Optional<String> secret(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .filter(field -> field.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length()))
                .map(field -> field.substring(SCHEME.length()).strip());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var valid = secret(request).flatMap(tokens::find);
        if (valid.isEmpty()) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
            ProblemWriter.write(
                    request, response, HttpStatus.UNAUTHORIZED, "This token is unknown, was revoked, or has expired.");
            return;
        }
        var token = valid.get().token();
        var role = valid.get().role();
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(
                new Bearer(token.user(), token.id(), role), /* aCredentials= */ "", List.of(role.authority())));
        SecurityContextHolder.setContext(context);
        tokens.used(token);
        chain.doFilter(request, response);
    }
}
