package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OidcLoginTest {

    @Test
    void a_claim_is_a_string_or_a_list() {
        assertThat(OidcLogin.values(Map.of("role", "ops"), "role")).containsExactly("ops");
        assertThat(OidcLogin.values(Map.of("groups", List.of("web", "ops")), "groups"))
                .containsExactly("web", "ops");
        assertThat(OidcLogin.values(Map.of("groups", List.of()), "groups")).isEmpty();
        assertThat(OidcLogin.values(Map.of(), "groups")).isEmpty();
    }

    @Test
    void dots_lead_into_objects_unless_they_are_part_of_the_name() {
        Map<String, Object> nested = Map.of("realm_access", Map.of("roles", List.of("ops")));
        assertThat(OidcLogin.values(nested, "realm_access.roles")).containsExactly("ops");
        assertThat(OidcLogin.values(nested, "realm_access.other")).isEmpty();
        assertThat(OidcLogin.values(nested, "realm_access")).doesNotContain("ops");

        Map<String, Object> address = Map.of("https://example.org/groups", List.of("ops"));
        assertThat(OidcLogin.values(address, "https://example.org/groups")).containsExactly("ops");
    }
}
