package drover.engine.auth;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.vhost.Glob;
import drover.engine.vhost.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {

    private static final String SECRET = "$2y$04$2xMZsE3GkIxx0xFELLzUqutAmuVX3ct44w5RQqP9R.hi9jlNIEQKO";
    private static final Seal SEAL = new Seal(1, 2, 3, 4);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void users_of_the_configuration_and_of_the_file_come_in() throws IOException {
        Files.writeString(file(), "bert:" + SECRET + "\n");
        var door = door("anna:" + SECRET);

        assertThat(admits(door, "anna")).isTrue();
        assertThat(admits(door, "bert")).isTrue();
    }

    @Test
    void a_changed_file_changes_who_comes_in_and_forgets_who_did() throws IOException {
        Files.writeString(file(), "bert:" + SECRET + "\n");
        var door = door("anna:" + SECRET);
        door.passwords().remember(SEAL, "bert");
        var time = Files.getLastModifiedTime(file());

        door.refresh();
        assertThat(door.passwords().remembered(SEAL)).contains("bert");

        Files.writeString(file(), "carl:" + SECRET + "\n");
        Files.setLastModifiedTime(file(), FileTime.from(time.toInstant()));
        door.refresh();

        assertThat(door.passwords().remembered(SEAL)).isEmpty();
        assertThat(admits(door, "bert")).isFalse();
        assertThat(admits(door, "carl")).isTrue();
        assertThat(admits(door, "anna")).isTrue();
    }

    @Test
    void a_file_that_is_gone_leaves_users_as_they_were_and_one_that_never_was_admits_nobody() throws IOException {
        assertThat(admits(door(), "bert")).isFalse();

        Files.writeString(file(), "bert:" + SECRET);
        var door = door();
        Files.delete(file());
        door.refresh();

        assertThat(admits(door, "bert")).isTrue();
    }

    private static boolean admits(Door door, String user) {
        return door.passwords().admits(PasswordListTest.credentials(user + ":secret"));
    }

    private Door door(String... users) {
        return new Door(new Protection(new Glob("/**"), "r", List.of(users), Optional.of(file())));
    }

    private Path file() {
        return directory.resolve("users");
    }
}
