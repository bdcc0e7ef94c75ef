package drover.admin.security;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

/**
 * A token for programs, as its owner and admins see it.
 *
 * @param id names it; no secret
 * @param name what its owner calls it
 * @param user whose it is
 * @param role what it may do, if its owner still may
 * @param lastUsedAt to the minute
 * @param hash SHA-256 of the secret in hexadecimal, which has 256 random bits: there is nothing to guess, so nothing slower is
 *     needed
 */
record Token(
        String id,
        String name,
        String user,
        Role role,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        @JsonIgnore String hash) {

    Token usedAt(Instant when) {
        return new Token(id, name, user, role, createdAt, expiresAt, Optional.of(when), hash);
    }

    boolean isExpired(Instant now) {
        return expiresAt.filter(end -> !end.isAfter(now)).isPresent();
    }
}
