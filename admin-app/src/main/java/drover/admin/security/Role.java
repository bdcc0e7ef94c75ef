package drover.admin.security;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What somebody may do. Each may do all that those before it may. */
enum Role {
    /** Looks. */
    VIEWER,
    /** Commands the farm, and takes up what stands in the configuration's file. */
    OPERATOR,
    /** Changes the configuration, users and tokens, and reads the audit log. */
    ADMIN;

    private static final String PREFIX = "ROLE_";

    /** In the words of {@code RoleHierarchyImpl}. */
    static final String HIERARCHY = "ROLE_admin > ROLE_operator\nROLE_operator > ROLE_viewer";

    @JsonValue
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    GrantedAuthority authority() {
        return new SimpleGrantedAuthority(PREFIX + label());
    }

    static Optional<Role> of(String label) {
        return Arrays.stream(values())
                .filter(role -> role.label().equals(label))
                .findFirst();
    }

    /** The highest role of somebody who was let in; nothing for a stranger. */
    static Optional<Role> of(Authentication caller) {
        return Arrays.stream(values())
                .filter(role -> caller.getAuthorities().contains(role.authority()))
                .reduce((_, higher) -> higher);
    }

    boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** The lower of both. */
    Role atMost(Role other) {
        return includes(other) ? other : this;
    }
}
