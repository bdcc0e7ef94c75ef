package drover.admin.security;

import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code users.json} in the state directory, mode 0600: who may sign in, with hashed passwords. */
record UsersFile(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One who may sign in. */
    record User(String name, String passwordHash, List<String> roles) {}

    private record Content(List<User> users) {}

    boolean exists() {
        return Files.exists(path);
    }

    Optional<User> find(String name) {
        return read().users().stream().filter(user -> user.name().equals(name)).findFirst();
    }

    private Content read() {
        try {
            return JSON.readValue(Files.readString(path), Content.class);
        } catch (IOException | JacksonException failure) {
            throw new IllegalStateException("cannot read " + path + ": " + failure.getMessage(), failure);
        }
    }

    /** Replaces the file in one step; nobody else can ever read it. */
    void write(List<User> users) {
        try {
            var draft = Files.createTempFile(
                    path.getParent(),
                    "users",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, JSON.writeValueAsString(new Content(users)));
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new StartRefused(StartRefused.EXIT_FAILED, "cannot write " + path + ": " + failure.getMessage());
        }
    }
}
