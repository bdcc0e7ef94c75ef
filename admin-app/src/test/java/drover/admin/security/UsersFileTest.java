package drover.admin.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {

    private static final Instant THEN = Instant.parse("2026-11-27T01:02:03.004Z");

    @TempDir
    private Path directory;

    @Test
    void what_is_written_is_read_again_and_nobody_else_can() throws IOException {
        var file = new UsersFile(directory.resolve("users.json"));
        var users = List.of(
                new User("anna", "$2a$12$x", Role.OPERATOR, true, THEN, Optional.of(THEN.plusSeconds(1))),
                new User("admin", "$2a$12$y", Role.ADMIN, false, THEN, Optional.empty()));

        file.write(users);

        assertThat(file.read()).isEqualTo(users);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file.path());
        }
    }

    @Test
    void a_file_of_an_earlier_drover_loses_nobody_and_nothing() throws IOException {
        var file = new UsersFile(directory.resolve("users.json"));
        Files.writeString(file.path(), """
                {"users":[{"name":"admin","passwordHash":"$2a$12$y","roles":["admin"]},
                          {"name":"both","passwordHash":"$2a$12$z","roles":["viewer","operator"]},
                          {"name":"none","passwordHash":"$2a$12$0","roles":["king"]}]}""");
        var written = Files.getLastModifiedTime(file.path()).toInstant();

        assertThat(file.read())
                .containsExactly(
                        new User("admin", "$2a$12$y", Role.ADMIN, false, written, Optional.empty()),
                        new User("both", "$2a$12$z", Role.OPERATOR, false, written, Optional.empty()),
                        new User("none", "$2a$12$0", Role.VIEWER, false, written, Optional.empty()));
    }

    @Test
    void what_is_damaged_is_said_to_be() throws IOException {
        var file = new UsersFile(directory.resolve("users.json"));
        for (var text : List.of("", "[]", "{}", "{\"users\":[{\"name\":\"x\"}]}", "{\"users\":[")) {
            Files.writeString(file.path(), text);

            assertThatThrownBy(file::read).isInstanceOf(IOException.class).hasMessageContaining("is damaged");
        }
    }
}
