package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.security.UsersFile.User;
import drover.admin.shared.Console;
import drover.admin.shared.Reason;
import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Who may sign in. At the very first start there is nobody yet: the user {@code admin} is made, with the password of
 * {@code admin.password-file}, or with a random one that the terminal shows once.
 */
@Component
final class Users implements UserDetailsService, SmartLifecycle {

    static final String FIRST_USER = "admin";

    private static final int SHORTEST = 8;
    /** BCrypt looks at no more. */
    private static final int LONGEST_BYTES = 72;

    private static final int RANDOM_LENGTH = 20;
    /** Without letters and digits that look alike. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final UsersFile file;
    private final PasswordEncoder encoder;
    private final Optional<String> givenPassword;
    private volatile boolean running;

    Users(DroverProperties properties, PasswordEncoder encoder) {
        this.file = new UsersFile(properties.stateDirectory().resolve("users.json"));
        this.encoder = encoder;
        this.givenPassword = file.exists()
                ? Optional.empty()
                : properties.admin().passwordFile().map(Users::readPassword);
    }

    private static String readPassword(Path passwordFile) {
        try {
            var password = Files.readString(passwordFile).strip();
            if (password.length() < SHORTEST || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
                throw new StartRefused(
                        StartRefused.EXIT_CONFIG,
                        "admin.password-file %s must hold a password of %d characters to %d bytes"
                                .formatted(passwordFile, SHORTEST, LONGEST_BYTES));
            }
            return password;
        } catch (IOException failure) {
            throw new StartRefused(
                    StartRefused.EXIT_CONFIG,
                    "admin.password-file " + passwordFile + " cannot be read: " + Reason.of(failure));
        }
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        var user = file.find(name).orElseThrow(() -> new UsernameNotFoundException("no such user"));
        return org.springframework.security.core.userdetails.User.withUsername(user.name())
                .password(user.passwordHash())
                .roles(user.roles().toArray(String[]::new))
                .build();
    }

    /** Makes the first user when the farm has come up: a password that was shown for nothing would be lost. */
    @Override
    public void start() {
        running = true;
        if (file.exists()) {
            return;
        }
        var password = givenPassword.orElseGet(Users::randomPassword);
        file.write(List.of(new User(FIRST_USER, String.valueOf(encoder.encode(password)), List.of(FIRST_USER))));
        if (givenPassword.isEmpty()) {
            Console.say("  user       " + FIRST_USER + ", password " + password + " (shown this once)");
        }
    }

    private static String randomPassword() {
        return new SecureRandom()
                .ints(RANDOM_LENGTH, 0, ALPHABET.length())
                .mapToObj(place -> ALPHABET.substring(place, place + 1))
                .collect(Collectors.joining());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the farm, before the web server. */
    @Override
    public int getPhase() {
        return 1;
    }
}
