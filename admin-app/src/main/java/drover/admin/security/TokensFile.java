package drover.admin.security;

import drover.admin.shared.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code tokens.json} in the state directory, mode 0600: tokens by the hashes of their secrets. */
record TokensFile(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A token as it stands in the file. */
    private record Line(
            String id,
            String name,
            String user,
            String role,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt,
            String hash) {

        static Line of(Token token) {
            return new Line(
                    token.id(),
                    token.name(),
                    token.user(),
                    token.role().label(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    token.hash());
        }

        Token token() {
            return new Token(id, name, user, Role.of(role).orElse(Role.VIEWER), createdAt, expiresAt, lastUsedAt, hash);
        }
    }

    private record Content(List<Line> tokens) {}

    /** All tokens; none if there is no file. @throws IOException if it cannot be read, or is not what it should be */
    List<Token> read() throws IOException {
        if (Files.notExists(path)) {
            return List.of();
        }
        try {
            return JSON.readValue(Files.readString(path), Content.class).tokens().stream()
                    .map(Line::token)
                    .toList();
        } catch (JacksonException | NullPointerException damaged) {
            throw new IOException(path + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    void write(List<Token> tokens) throws IOException {
        new PrivateFile(path)
                .replace(JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(
                                new Content(tokens.stream().map(Line::of).toList())));
    }
}
