package drover.admin.security;

import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Tells the journal who came in and who was not let in. What strangers could cause without end is bounded or left out. */
final class LoginEvents {

    private static final int LONGEST_NAME = 64;

    private final Journal journal;

    LoginEvents(Journal journal) {
        this.journal = journal;
    }

    void login(String user, HttpServletRequest request) {
        journal.add(Event.of(Kind.LOGIN, user).address(request.getRemoteAddr()));
        AuditFilter.login(request, user, "Signed in.");
    }

    /** Those beyond the limit never come here, so an address writes fifteen of these and then some in an hour. */
    void loginRefused(String given, HttpServletRequest request, int failures) {
        var name = given.substring(0, Math.min(given.length(), LONGEST_NAME));
        var detail = failures >= LoginLimit.MOST_OF_A_USER
                ? "Failure " + failures + ": logins of this user from there are refused for a while."
                : "Failure " + failures + ".";
        journal.add(Event.of(Kind.LOGIN_REFUSED, name)
                .address(request.getRemoteAddr())
                .detail(detail));
        AuditFilter.login(request, name, "User name or password was wrong. " + detail);
    }

    /** Somebody whom the provider vouches for, but who is nobody here. */
    void withoutRole(String given, HttpServletRequest request) {
        var detail = "The OpenID provider vouched for him, but gives him no role here.";
        journal.add(Event.of(Kind.LOGIN_REFUSED, given)
                .address(request.getRemoteAddr())
                .detail(detail));
        AuditFilter.loginRefused(request, given, detail);
    }

    void logout(Optional<Authentication> user, HttpServletRequest request) {
        user.ifPresent(
                known -> journal.add(Event.of(Kind.LOGOUT, known.getName()).address(request.getRemoteAddr())));
    }

    /** Of users only: strangers could fill the journal. */
    void accessRefused(HttpServletRequest request) {
        Optional.ofNullable(SecurityContextHolder.getContext().getAuthentication())
                .filter(caller -> !(caller instanceof AnonymousAuthenticationToken))
                .ifPresent(caller -> journal.add(Event.of(Kind.ACCESS_REFUSED, caller.getName())
                        .address(AuditFilter.address(request))
                        .detail(request.getMethod() + " " + request.getRequestURI())));
    }
}
