package drover.admin.config;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.config.ConfigChange.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigChangeTest {

    private static final String HASH = "$2b$10$abcdefghijklmnopqrstuuPBdn3GLpDbDd8bZGgF2TtNBHH0sBmRO";

    @TempDir
    private Path home = Path.of("");

    @Test
    void each_key_that_differs_is_named_with_what_it_needs() throws IOException {
        var changes = between(
                "drover:\n  listen: [127.0.0.1:1, 127.0.0.1:2]\n  workers: 2\n  admin:\n    port: 1\n",
                "drover:\n  listen: [127.0.0.1:1]\n  workers: 3\n  cacheSize: 1MB\n  event-loops: 2\n");

        assertThat(changes)
                .extracting(ConfigChange::key, ConfigChange::before, ConfigChange::after, ConfigChange::needs)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "drover.admin.port", Optional.of("1"), Optional.of("9090"), Needs.ADMIN_RESTART),
                        org.assertj.core.groups.Tuple.tuple(
                                "drover.cache-size", Optional.of("32MB"), Optional.of("1MB"), Needs.WORKERS),
                        org.assertj.core.groups.Tuple.tuple(
                                "drover.event-loops", Optional.of("1"), Optional.of("2"), Needs.FARM_RESTART),
                        org.assertj.core.groups.Tuple.tuple(
                                "drover.listen",
                                Optional.of("127.0.0.1:1, 127.0.0.1:2"),
                                Optional.of("127.0.0.1:1"),
                                Needs.LISTEN),
                        org.assertj.core.groups.Tuple.tuple(
                                "drover.workers", Optional.of("2"), Optional.of("3"), Needs.POOL));
    }

    @Test
    void what_an_argument_overrules_is_said_to_be() throws IOException {
        var changes = between("drover:\n  workers: 2\n", "drover:\n  workers: 3\n", "--drover.workers=4");

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.overruled()).contains("argument --drover.workers"));
    }

    @Test
    void a_default_that_is_written_down_is_no_change() throws IOException {
        assertThat(between("drover:\n  workers: 2\n", "drover:\n")).isEmpty();
    }

    @Test
    void hashes_can_be_left_out() throws IOException {
        var user = "drover:\n  sites:\n    a:\n      auth:\n        - users: [\"anna:%s\"]\n".formatted(HASH);

        var changes = between("drover:\n", user);

        assertThat(changes.toString()).contains(HASH);
        assertThat(changes.stream().map(ConfigChange::withoutSecrets).toList().toString())
                .contains("anna:(hidden)")
                .doesNotContain(HASH);
        assertThat(Secrets.hidden(user)).contains("anna:(hidden)").doesNotContain(HASH);
    }

    private List<ConfigChange> between(String before, String after, String... arguments) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/drover.yml"), before);
        var loader = new ConfigLoader(home, Map.of());
        return ConfigChange.between(loader.load(List.of(arguments)), loader.load(List.of(arguments), after));
    }
}
