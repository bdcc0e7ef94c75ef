package drover.admin.security;

import java.time.Instant;
import java.util.Optional;

/**
 * One who may sign in.
 *
 * @param passwordHash bcrypt
 * @param passwordIsInitial somebody else has chosen the password, or Drover has: a change is offered
 * @param lastLoginAt the last time the password was given, by whichever browser
 */
record User(
        String name,
        String passwordHash,
        Role role,
        boolean passwordIsInitial,
        Instant createdAt,
        Optional<Instant> lastLoginAt) {

    User withPassword(String hash, boolean isInitial) {
        return new User(name, hash, role, isInitial, createdAt, lastLoginAt);
    }

    User withRole(Role other) {
        return new User(name, passwordHash, other, passwordIsInitial, createdAt, lastLoginAt);
    }

    User signedInAt(Instant when) {
        return new User(name, passwordHash, role, passwordIsInitial, createdAt, Optional.of(when));
    }

    boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
