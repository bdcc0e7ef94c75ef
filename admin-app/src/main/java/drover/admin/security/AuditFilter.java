package drover.admin.security;

import drover.admin.security.AuditEntry.Outcome;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes every call that is meant to change something into the audit log, and then lets the answer go: it is held back until the
 * line is on the disk. Only what somebody does who is known is written, and logins whose password was compared or whom the
 * OpenID provider has sent: strangers could fill the disk. A controller adds what changed with {@link #note}.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Set<String> LOOKING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final String NOTE = AuditFilter.class.getName() + ".note";
    private static final String LOGIN = AuditFilter.class.getName() + ".login";
    private static final String REFUSED = AuditFilter.class.getName() + ".refused";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AuditLog log;

    AuditFilter(AuditLog log) {
        this.log = log;
    }

    /** Whether a method is meant to change something. */
    static boolean changes(HttpServletRequest request) {
        return !LOOKING.contains(request.getMethod());
    }

    /** Says what changed: the detail of this request's entry. Never a secret. */
    static void note(HttpServletRequest request, String detail) {
        request.setAttribute(NOTE, detail);
    }

    /** Says that this request is a login of somebody who showed a password, right or wrong, or was sent by the provider. */
    static void login(HttpServletRequest request, String user, String detail) {
        request.setAttribute(LOGIN, user);
        note(request, detail);
    }

    /** The same of one that was refused, whatever the answer's status is. */
    static void loginRefused(HttpServletRequest request, String user, String detail) {
        request.setAttribute(REFUSED, true);
        login(request, user, detail);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !changes(request) && !OidcLogin.isCallback(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var before = caller(); // after a logout nobody knows who it was
        var held = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(request, held);
            answered = true;
        } finally {
            write(request, held, before, answered ? held.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR.value());
        }
        held.copyBodyToResponse();
    }

    private static Optional<Authentication> caller() {
        return Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                .filter(caller -> !(caller instanceof AnonymousAuthenticationToken));
    }

    private void write(
            HttpServletRequest request,
            ContentCachingResponseWrapper answer,
            Optional<Authentication> before,
            int status) {
        var login = attribute(request, LOGIN);
        if (login.isEmpty() && !changes(request)) {
            return;
        }
        var user = login.or(() -> before.or(AuditFilter::caller).map(Authentication::getName));
        user.ifPresent(who -> log.add(
                who,
                address(request),
                login.isPresent() ? "login" : action(request),
                login.isPresent() ? request.getRequestURI() : withQuery(request),
                attribute(request, REFUSED).isPresent() ? Outcome.REFUSED : Outcome.of(status),
                attribute(request, NOTE).or(() -> said(answer, status))));
    }

    private static String withQuery(HttpServletRequest request) {
        return request.getRequestURI()
                + Optional.ofNullable(request.getQueryString())
                        .map(query -> "?" + query)
                        .orElse("");
    }

    private static Optional<String> attribute(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getAttribute(name)).map(Object::toString);
    }

    /** Where a request comes from, in the words of the audit log. */
    static String address(HttpServletRequest request) {
        return LocalSocket.broughtIn(request)
                ? "admin.sock"
                : Optional.ofNullable(request.getRemoteAddr()).orElse("");
    }

    /** With the route where one was found: it groups calls that differ in their target only. */
    private static String action(HttpServletRequest request) {
        var route = attribute(request, HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
                .orElseGet(request::getRequestURI);
        return route.equals(SessionController.LOGOUT) ? "logout" : request.getMethod() + " " + route;
    }

    /** What the answer itself tells: why a call was refused, or what an operation leads from and to. */
    private static Optional<String> said(ContentCachingResponseWrapper answer, int status) {
        if (answer.getContentSize() == 0) {
            return Optional.empty();
        }
        try {
            var body = JSON.readTree(answer.getContentAsByteArray());
            return Outcome.of(status) == Outcome.ACCEPTED
                    ? operation(body)
                    : Optional.of(body.path("detail").asString("")).filter(why -> !why.isEmpty());
        } catch (JacksonException noJson) {
            return Optional.empty();
        }
    }

    private static Optional<String> operation(JsonNode body) {
        if (!body.has("action") || !body.has("id")) {
            return Optional.empty();
        }
        var said = "operation " + body.path("id").asString("");
        for (var range : List.of("resize", "rollout")) {
            var change = body.path(range);
            if (change.has(FROM) && change.has(TO)) {
                said += ", %s %d to %d"
                        .formatted(
                                range.equals("resize") ? "workers" : "generation",
                                change.path(FROM).asInt(),
                                change.path(TO).asInt());
            }
        }
        return Optional.of(said);
    }
}
