package drover.admin.security;

import java.util.List;

/**
 * Somebody whose password was right, as a session knows him. It remembers what it was right for: another password or role,
 * or none any more, and the session is worth nothing.
 */
final class Account extends org.springframework.security.core.userdetails.User {

    private static final long serialVersionUID = 1;

    private final String seal;

    Account(User user) {
        super(user.name(), user.passwordHash(), List.of(user.role().authority()));
        this.seal = seal(user);
    }

    /** Each hash of a password has a salt of its own, so it changes whenever a password is set. */
    private static String seal(User user) {
        return user.role().label() + user.passwordHash();
    }

    boolean isStill(User user) {
        return seal.equals(seal(user));
    }
}
