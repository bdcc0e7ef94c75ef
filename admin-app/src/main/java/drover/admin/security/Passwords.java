package drover.admin.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/**
 * The one place where a password is compared with its hash, behind the limit. A name that nobody has takes as long as one that
 * somebody has.
 */
@Component
final class Passwords implements AuthenticationProvider {

    private static final Logger LOG = LoggerFactory.getLogger(Passwords.class);

    private final LoginLimit limit = new LoginLimit(InstantSource.system());
    private final DaoAuthenticationProvider comparing;
    private final MeterRegistry meters;

    Passwords(Users users, PasswordEncoder encoder, MeterRegistry meters) {
        this.meters = meters;
        this.comparing = new DaoAuthenticationProvider(users::account);
        comparing.setPasswordEncoder(encoder);
        for (var outcome : Outcome.values()) {
            count(outcome, 0);
        }
    }

    private enum Outcome {
        ACCEPTED,
        WRONG,
        /** Not compared at all. */
        LIMITED
    }

    @Override
    public Authentication authenticate(Authentication login) {
        var address = login.getDetails() instanceof WebAuthenticationDetails details
                ? Optional.ofNullable(details.getRemoteAddress()).orElse("")
                : "";
        var wait = limit.begin(login.getName(), address);
        if (wait.isPresent()) {
            count(Outcome.LIMITED, 1);
            throw new TooManyAttempts(wait.get());
        }
        try {
            var account = comparing.authenticate(login);
            limit.succeeded(login.getName(), address);
            count(Outcome.ACCEPTED, 1);
            return account;
        } catch (AuthenticationException wrong) {
            count(Outcome.WRONG, 1);
            LOG.warn("password refused address={} failures={}", address, limit.failures(login.getName(), address));
            throw wrong;
        }
    }

    private void count(Outcome outcome, int more) {
        Counter.builder("drover.admin.logins")
                .description("Attempts to sign in by password.")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(meters)
                .increment(more);
    }

    /** How often this user's password was wrong from there, as far as is remembered. */
    int failures(String user, String address) {
        return limit.failures(user, address);
    }

    /** Whether this is the user's password; as limited as a login. @throws TooManyAttempts */
    boolean isRight(String user, String password, String address) {
        var login = UsernamePasswordAuthenticationToken.unauthenticated(user, password);
        login.setDetails(new WebAuthenticationDetails(address, /* sessionId= */ null));
        try {
            return authenticate(login).isAuthenticated();
        } catch (TooManyAttempts limited) {
            throw limited;
        } catch (AuthenticationException wrong) {
            return false;
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}
