package drover.admin.security;

import java.util.List;
import java.util.Locale;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells a browser who it is signed in as; without a session the security filter has answered 401 before. */
@RestController
final class SessionController {

    /** Who is signed in, with roles in lower case. */
    record Session(String user, List<String> roles) {}

    @GetMapping("/api/v1/session")
    Session session(Authentication caller) {
        return new Session(
                caller.getName(),
                caller.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .map(String::valueOf)
                        .filter(authority -> authority.startsWith("ROLE_"))
                        .map(authority -> authority.substring("ROLE_".length()).toLowerCase(Locale.ROOT))
                        .toList());
    }
}
