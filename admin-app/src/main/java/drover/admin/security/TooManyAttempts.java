package drover.admin.security;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** A login that was refused without a look at its password. */
final class TooManyAttempts extends AuthenticationException {

    private static final long serialVersionUID = 1;

    private final Duration wait;

    TooManyAttempts(Duration wait) {
        super("too many failed logins");
        this.wait = wait;
    }

    /** For Retry-After, at least 1. */
    long seconds() {
        return Math.max(1, wait.toSeconds());
    }

    String sentence() {
        return "Too many failed logins; try again in %s."
                .formatted(seconds() > 90 ? (seconds() + 59) / 60 + " minutes" : seconds() + " seconds");
    }
}
