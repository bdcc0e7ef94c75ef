package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

    private static final Instant START = Instant.parse("2026-11-27T00:00:00Z");

    @TempDir
    private Path directory;

    private final Map<String, Role> users = new HashMap<>(Map.of("anna", Role.OPERATOR));
    private Instant now = START;

    @Test
    void a_token_is_good_until_the_moment_it_ends() {
        var fresh = tokens().add("deploy", "anna", Role.OPERATOR, 30);
        var end = START.plus(Duration.ofDays(30));

        assertThat(fresh.token().expiresAt()).contains(end);
        now = end.minusMillis(1);
        assertThat(tokens().find(fresh.secret())).isPresent();
        assertThat(tokens().isStill(fresh.token().id(), Role.OPERATOR)).isTrue();
        now = end;
        assertThat(tokens().find(fresh.secret())).isEmpty();
        assertThat(tokens().isStill(fresh.token().id(), Role.OPERATOR)).isFalse();
    }

    @Test
    void it_may_what_both_it_and_its_owner_may() {
        var tokens = tokens();
        var weak = tokens.add("weak", "anna", Role.VIEWER, 1).secret();
        var strong = tokens.add("strong", "anna", Role.OPERATOR, 1).secret();

        users.put("anna", Role.ADMIN);
        assertThat(role(tokens, weak)).contains(Role.VIEWER);
        assertThat(role(tokens, strong)).contains(Role.OPERATOR);
        users.put("anna", Role.VIEWER);
        assertThat(role(tokens, strong)).contains(Role.VIEWER);
        users.remove("anna");
        assertThat(role(tokens, strong)).isEmpty();
    }

    private static Optional<Role> role(Tokens tokens, String secret) {
        return tokens.find(secret).map(Tokens.Valid::role);
    }

    @Test
    void no_other_text_is_one() {
        var tokens = tokens();
        var secret = tokens.add("one", "anna", Role.VIEWER, 1).secret();

        assertThat(tokens.find("")).isEmpty();
        assertThat(tokens.find(secret + " ")).isEmpty();
        assertThat(tokens.find(secret.substring(0, secret.length() - 1))).isEmpty();
        assertThat(tokens.find(tokens.all().getFirst().hash())).isEmpty();
        assertThat(tokens.find(tokens.all().getFirst().id())).isEmpty();
    }

    @Test
    void its_use_is_noted_once_a_minute_and_outlives_the_process() {
        var tokens = tokens();
        var token = tokens.add("one", "anna", Role.VIEWER, 1).token();

        tokens.used(token);
        now = START.plusSeconds(59);
        tokens.used(tokens.all().getFirst());
        assertThat(tokens().all().getFirst().lastUsedAt()).contains(START);
        now = START.plusSeconds(60);
        tokens.used(tokens.all().getFirst());

        assertThat(tokens().all().getFirst().lastUsedAt()).contains(now);
    }

    @Test
    void those_of_a_user_go_together() {
        var tokens = tokens();
        var mine = tokens.add("mine", "anna", Role.VIEWER, 1).secret();
        var other = tokens.add("other", LocalSocket.ACTOR, Role.ADMIN, 1).secret();

        tokens.removeThoseOf("anna");

        assertThat(tokens.find(mine)).isEmpty();
        assertThat(tokens().find(other)).isPresent();
    }

    private Tokens tokens() {
        return new Tokens(directory.resolve("tokens.json"), user -> Optional.ofNullable(users.get(user)), () -> now);
    }
}
