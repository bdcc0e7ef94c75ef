package drover.admin.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends a session whose user has got another password or role, or is gone, wherever that was decided; or whom the OpenID
 * provider shall vouch for again.
 */
final class SessionFilter extends OncePerRequestFilter {

    private final Users users;
    private final InstantSource clock = InstantSource.system();

    SessionFilter(Users users) {
        this.users = users;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller != null && isOver(caller.getPrincipal())) {
            Optional.ofNullable(request.getSession(false)).ifPresent(session -> session.invalidate());
            SecurityContextHolder.setContext(SecurityContextHolder.createEmptyContext());
        }
        chain.doFilter(request, response);
    }

    private boolean isOver(@Nullable Object principal) {
        return switch (principal) {
            case Account account -> !users.isCurrent(account);
            case OidcAccount account -> account.isOver(clock.instant());
            case null, default -> false;
        };
    }
}
