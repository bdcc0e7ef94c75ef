package drover.admin.web;

import java.util.Set;
import org.springframework.security.core.Authentication;

/** What a role allows beyond what the address alone decides. */
final class Roles {

    private static final String ADMIN = "ROLE_admin";
    private static final Set<String> COMMANDING = Set.of("ROLE_operator", ADMIN);

    private Roles() {}

    /** Operators and admins. */
    static boolean mayCommand(Authentication caller) {
        return caller.getAuthorities().stream().anyMatch(role -> COMMANDING.contains(role.getAuthority()));
    }

    static boolean isAdmin(Authentication caller) {
        return caller.getAuthorities().stream().anyMatch(role -> ADMIN.equals(role.getAuthority()));
    }
}
