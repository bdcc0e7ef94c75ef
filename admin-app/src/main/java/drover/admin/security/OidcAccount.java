package drover.admin.security;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/**
 * Somebody whom the OpenID provider vouched for, as a session knows him. The provider does not tell when it would no longer,
 * so it is asked again after some hours, whatever is going on.
 */
final class OidcAccount extends DefaultOidcUser {

    private static final long serialVersionUID = 1;

    /** A working day. */
    private static final Duration LONGEST = Duration.ofHours(8);

    /** No user of Drover's own can have a colon in his name, so neither can pass for the other. */
    private static final String PREFIX = "oidc:";

    private final String name;
    private final Instant until;

    /** @param name by which the provider knows him */
    OidcAccount(OidcUser user, String name, Role role, Instant now) {
        super(List.of(role.authority()), user.getIdToken(), user.getUserInfo());
        this.name = PREFIX + name;
        this.until = now.plus(LONGEST);
    }

    @Override
    public String getName() {
        return name;
    }

    boolean isOver(Instant now) {
        return now.isAfter(until);
    }

    /** Each login is one of its own, as each ends at a time of its own. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OidcAccount account && name.equals(account.name) && until.equals(account.until);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
