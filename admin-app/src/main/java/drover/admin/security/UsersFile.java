package drover.admin.security;

import drover.admin.shared.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code users.json} in the state directory, mode 0600: who may sign in, with hashed passwords. A file of Drover 0.1, which
 * knew names, hashes and roles only, is read as it is, and Drover 0.1 can read this one.
 */
record UsersFile(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A user as it stands in the file. */
    private record Line(
            String name,
            String passwordHash,
            List<String> roles,
            Optional<Boolean> passwordIsInitial,
            Optional<Instant> createdAt,
            Optional<Instant> lastLoginAt) {

        static Line of(User user) {
            return new Line(
                    user.name(),
                    user.passwordHash(),
                    List.of(user.role().label()),
                    Optional.of(user.passwordIsInitial()),
                    Optional.of(user.createdAt()),
                    user.lastLoginAt());
        }

        /** Of several roles the highest counts; one that is not known may look. */
        User user(Instant otherwiseCreatedAt) {
            var role = roles.stream()
                    .flatMap(label -> Role.of(label).stream())
                    .reduce((one, other) -> one.includes(other) ? one : other)
                    .orElse(Role.VIEWER);
            return new User(
                    name,
                    passwordHash,
                    role,
                    passwordIsInitial.orElse(false),
                    createdAt.orElse(otherwiseCreatedAt),
                    lastLoginAt);
        }
    }

    private record Content(List<Line> users) {}

    boolean exists() {
        return Files.exists(path);
    }

    /** What tells one version of the file from another; empty if there is none. */
    Optional<Object> version() {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return Optional.of(
                    List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey())));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** Everybody in the file. @throws IOException if it cannot be read, or is not what it should be */
    List<User> read() throws IOException {
        try {
            var written = Files.getLastModifiedTime(path).toInstant();
            return JSON.readValue(Files.readString(path), Content.class).users().stream()
                    .map(line -> line.user(written))
                    .toList();
        } catch (JacksonException | NullPointerException damaged) {
            throw new IOException(path + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    void write(List<User> users) throws IOException {
        new PrivateFile(path)
                .replace(JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(
                                new Content(users.stream().map(Line::of).toList())));
    }
}
