package drover.admin.security;

import drover.admin.shared.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tokens for programs: of operators their own, of admins everybody's. */
@RestController
@RequestMapping("/api/v1/tokens")
final class TokenController {

    private static final int LONGEST_NAME = 64;
    private static final int MOST_DAYS = 366;

    private final Tokens tokens;

    TokenController(Tokens tokens) {
        this.tokens = tokens;
    }

    @GetMapping
    List<Token> all(Authentication caller) {
        return tokens.all().stream().filter(token -> mayTouch(caller, token)).toList();
    }

    private static boolean mayTouch(Authentication caller, Token token) {
        return token.user().equals(caller.getName())
                || Role.of(caller).filter(Role.ADMIN::equals).isPresent();
    }

    /** A token that is to be. */
    record NewToken(Optional<String> name, Optional<String> role, Optional<Integer> days) {}

    /** A token with its secret, which nobody is told again. */
    record Created(
            String id,
            String name,
            String user,
            Role role,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt,
            String secret) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Created add(@RequestBody NewToken wanted, Authentication caller, HttpServletRequest request) {
        if (caller.getPrincipal() instanceof TokenFilter.Bearer) {
            throw new Refusal(HttpStatus.FORBIDDEN, "A token makes no tokens: it could outlive itself.");
        }
        if (caller.getPrincipal() instanceof OidcAccount) {
            throw new Refusal(
                    HttpStatus.FORBIDDEN,
                    "The OpenID provider would not tell Drover when its user may no longer come in; make the token as a user of Drover.");
        }
        var name = wanted.name().map(String::strip).orElse("");
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "name must have 1 to " + LONGEST_NAME + " characters.");
        }
        int days = wanted.days().orElse(0);
        if (days < 1 || days > MOST_DAYS) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "days must be 1 to " + MOST_DAYS + ".");
        }
        var role = UserController.role(wanted.role().orElse(""));
        if (Role.of(caller).filter(own -> own.includes(role)).isEmpty()) {
            throw new Refusal(HttpStatus.FORBIDDEN, "A token may not do more than you may.");
        }
        var fresh = tokens.add(name, caller.getName(), role, days);
        var token = fresh.token();
        AuditFilter.note(request, "Token %s, role %s, %d days.".formatted(token.id(), role.label(), days));
        return new Created(
                token.id(),
                token.name(),
                token.user(),
                token.role(),
                token.createdAt(),
                token.expiresAt(),
                token.lastUsedAt(),
                fresh.secret());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable String id, Authentication caller, HttpServletRequest request) {
        var token = tokens.all().stream()
                .filter(one -> one.id().equals(id) && mayTouch(caller, one))
                .findFirst()
                .orElseThrow(() -> new Refusal(HttpStatus.NOT_FOUND, "You have no token with this id."));
        tokens.remove(id);
        AuditFilter.note(request, "Token " + id + " of " + token.user() + " revoked.");
    }
}
