package drover.admin.security;

import drover.admin.shared.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who is signed in, and what he may do for himself. */
@RestController
final class SessionController {

    static final String LOGIN = "/api/v1/login";
    static final String LOGOUT = "/api/v1/logout";

    private final Users users;
    private final Passwords passwords;
    private final OidcLogin oidc;
    private final HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();

    SessionController(Users users, Passwords passwords, OidcLogin oidc) {
        this.users = users;
        this.passwords = passwords;
        this.oidc = oidc;
    }

    /**
     * Who is signed in.
     *
     * @param roles one, the highest
     * @param hasPassword he signed in with a password of Drover's own; without one he changes none and makes no tokens
     * @param passwordIsInitial somebody else knows the password, or has known it: a change should be offered
     */
    record Session(String user, List<Role> roles, boolean hasPassword, boolean passwordIsInitial) {}

    @GetMapping("/api/v1/session")
    Session session(Authentication caller) {
        return new Session(
                caller.getName(),
                Role.of(caller).stream().toList(),
                caller.getPrincipal() instanceof Account,
                caller.getPrincipal() instanceof Account
                        && users.find(caller.getName())
                                .filter(User::passwordIsInitial)
                                .isPresent());
    }

    /**
     * How one can sign in beside by user name and password.
     *
     * @param singleSignOn at an OpenID provider, if one is configured
     */
    record SignIn(Optional<SingleSignOn> singleSignOn) {}

    /**
     * An OpenID provider.
     *
     * @param name in words
     * @param path where a browser is sent on to it
     */
    record SingleSignOn(String name, String path) {}

    /** For everybody. */
    @GetMapping(LOGIN)
    SignIn signIn() {
        return new SignIn(oidc.name().map(name -> new SingleSignOn(name, OidcLogin.START)));
    }

    /** The security filter signs in before anybody comes here; who does has another door, or has called it in vain. */
    @SuppressWarnings("DoNotCallSuggester")
    @PostMapping(LOGIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void login(@RequestParam Optional<String> username, @RequestParam Optional<String> password) {
        throw withoutSession();
    }

    /** The same. */
    @SuppressWarnings("DoNotCallSuggester")
    @PostMapping(LOGOUT)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout() {
        throw withoutSession();
    }

    private static Refusal withoutSession() {
        return new Refusal(HttpStatus.CONFLICT, "Who comes with a token or by admin.sock has no session.");
    }

    /** The password that is, and the one that is to be. */
    record PasswordChange(Optional<String> current, Optional<String> next) {}

    /** Ends every session of the user but this one, which gets another id. */
    @PostMapping("/api/v1/session/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void changePassword(
            @RequestBody PasswordChange change,
            Authentication caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!(caller.getPrincipal() instanceof Account)) {
            throw new Refusal(
                    HttpStatus.CONFLICT,
                    "Sign in with the password to change it; the OpenID provider's is changed there.");
        }
        var name = caller.getName();
        var current = change.current().orElse("");
        var next = change.next().orElse("");
        if (!passwords.isRight(name, current, request.getRemoteAddr())) {
            throw new Refusal(HttpStatus.FORBIDDEN, "The current password is wrong.");
        }
        if (next.equals(current)) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "That is the password already.");
        }
        var user = users.setPassword(name, next, /* initial= */ false);
        AuditFilter.note(request, "Password changed.");
        request.changeSessionId();
        var account = new Account(user);
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                account, /* credentials= */ "", account.getAuthorities()));
        SecurityContextHolder.setContext(context);
        sessions.saveContext(context, request, response);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> limited(TooManyAttempts limited) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(HttpHeaders.RETRY_AFTER, Long.toString(limited.seconds()))
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, limited.sentence()));
    }
}
