package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.shared.PrivateFile;
import drover.admin.shared.Reason;
import drover.admin.shared.Refusal;
import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * The tokens by which programs come in. A token is worth nothing without its owner: it goes when the user goes, and never may
 * more than the user may. Any thread; a change is in the file before it is answered. When a token was last used is written at
 * most once a minute.
 */
@Component
final class Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    /** Lets a program that looks for secrets in texts recognise one. */
    private static final String PREFIX = "drover_";

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;
    private static final int MOST = 1000;
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);

    private final TokensFile file;
    private final Function<String, Optional<Role>> roles;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private volatile List<Token> tokens;

    @Autowired
    Tokens(DroverProperties properties, Users users) {
        this(
                properties.stateDirectory().resolve("tokens.json"),
                user -> users.find(user).map(User::role),
                InstantSource.system());
    }

    /** @param roles of those who can sign in */
    Tokens(Path path, Function<String, Optional<Role>> roles, InstantSource clock) {
        this.file = new TokensFile(path);
        this.roles = roles;
        this.clock = clock;
        this.tokens = read();
    }

    private List<Token> read() {
        try {
            if (Files.exists(file.path()) && new PrivateFile(file.path()).close()) {
                LOG.warn("tokens file closed to others file={}", file.path());
            }
            return file.read();
        } catch (IOException failure) {
            throw new StartRefused(StartRefused.EXIT_CONFIG, "the tokens cannot be read: " + Reason.of(failure));
        }
    }

    // ---- who comes with one

    /** A token that lets its owner in, and what it may do now. */
    record Valid(Token token, Role role) {}

    /** The token of a secret, unless it is unknown, has expired, or its owner is gone. */
    Optional<Valid> find(String secret) {
        var hash = hash(secret);
        return tokens.stream()
                .filter(token -> token.hash().equals(hash))
                .findFirst()
                .flatMap(this::valid);
    }

    /** Whether a token that let somebody in still does, and with the same role. */
    boolean isStill(String id, Role role) {
        return tokens.stream()
                .filter(token -> token.id().equals(id))
                .findFirst()
                .flatMap(this::valid)
                .filter(valid -> valid.role() == role)
                .isPresent();
    }

    private Optional<Valid> valid(Token token) {
        return token.isExpired(clock.instant())
                ? Optional.empty()
                : roleOf(token.user()).map(role -> new Valid(token, token.role().atMost(role)));
    }

    private Optional<Role> roleOf(String user) {
        return user.equals(LocalSocket.ACTOR) ? Optional.of(Role.ADMIN) : roles.apply(user);
    }

    /** Notes that it was used, for people who want to know which are not used any more. */
    void used(Token token) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (token.lastUsedAt()
                .filter(last -> last.plus(USE_IS_NOTED_EVERY).isAfter(now))
                .isPresent()) {
            return;
        }
        try {
            change(all -> all.stream()
                    .map(one -> one.id().equals(token.id()) ? one.usedAt(now) : one)
                    .toList());
        } catch (Refusal full) {
            LOG.warn("use of a token not noted token={}", token.id()); // change has said why
        }
    }

    // ---- changes

    List<Token> all() {
        return tokens;
    }

    /** A token and its secret, which is known to nobody afterwards. */
    record Fresh(Token token, String secret) {}

    Fresh add(String name, String user, Role role, int days) {
        var secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(SECRET_BYTES));
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var token = new Token(
                HexFormat.of().formatHex(randomBytes(ID_BYTES)),
                name,
                user,
                role,
                now,
                Optional.of(now.plus(Duration.ofDays(days))),
                Optional.empty(),
                hash(secret));
        change(all -> {
            if (all.size() >= MOST) {
                throw new Refusal(
                        HttpStatus.CONFLICT, "There are " + MOST + " tokens; remove those that are not used any more.");
            }
            var more = new ArrayList<>(all);
            more.add(token);
            return more;
        });
        return new Fresh(token, secret);
    }

    void remove(String id) {
        change(all -> all.stream().filter(token -> !token.id().equals(id)).toList());
    }

    void removeThoseOf(String user) {
        if (tokens.stream().anyMatch(token -> token.user().equals(user))) {
            change(all ->
                    all.stream().filter(token -> !token.user().equals(user)).toList());
        }
    }

    private synchronized void change(UnaryOperator<List<Token>> to) {
        var after = List.copyOf(to.apply(tokens));
        try {
            file.write(after);
        } catch (IOException failure) {
            LOG.error("tokens not written why=\"{}\"", failure.toString());
            throw new Refusal(
                    HttpStatus.INSUFFICIENT_STORAGE, file.path() + " cannot be written: " + Reason.of(failure));
        }
        tokens = after;
    }

    private byte[] randomBytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
