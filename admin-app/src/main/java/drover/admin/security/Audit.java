package drover.admin.security;

import drover.admin.events.Event;
import drover.admin.events.Event.Kind;
import drover.admin.events.Journal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Writes down who came in and who was not let in. What strangers could cause without end is bounded or left out. */
final class Audit {

    private static final int LONGEST_NAME = 64;

    private final Journal journal;

    Audit(Journal journal) {
        this.journal = journal;
    }

    void login(String user, HttpServletRequest request) {
        journal.add(Event.of(Kind.LOGIN, user).address(request.getRemoteAddr()));
    }

    /** Those beyond the limit never come here, so an address writes ten of these in a quarter of an hour. */
    void loginRefused(HttpServletRequest request, int failures) {
        var name = Optional.ofNullable(request.getParameter("username")).orElse("");
        journal.add(Event.of(Kind.LOGIN_REFUSED, name.substring(0, Math.min(name.length(), LONGEST_NAME)))
                .address(request.getRemoteAddr())
                .detail(
                        failures >= LoginLimit.MOST_FAILURES
                                ? "Failure " + failures + ": logins from there are refused for a quarter of an hour."
                                : "Failure " + failures + "."));
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
                        .address(request.getRemoteAddr())
                        .detail(request.getMethod() + " " + request.getRequestURI())));
    }
}
