package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.shared.Console;
import drover.admin.shared.PrivateFile;
import drover.admin.shared.Reason;
import drover.admin.shared.Refusal;
import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Who may sign in. At the very first start there is nobody yet: the user {@code admin} is made, with the password of
 * {@code admin.password-file}, or with a random one that the terminal shows once. Any thread; a change is in the file before it
 * is answered, and a file that somebody has edited counts from the next request on.
 */
@Component
final class Users implements SmartLifecycle {

    static final String FIRST_USER = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(Users.class);

    /** Who else has a hand in things, as events and the audit log name them. */
    private static final List<String> TAKEN_NAMES = List.of(LocalSocket.ACTOR, "drover", "file", "signal");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** 139 bits of an alphabet of 56. */
    private static final int RANDOM_LENGTH = 24;
    /** Without letters and digits that look alike. */
    private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final UsersFile file;
    private final PasswordEncoder encoder;
    private final InstantSource clock = InstantSource.system();
    private final Optional<String> givenPassword;
    private volatile boolean running;
    private volatile Known known = new Known(Optional.empty(), List.of());

    /** What was read, and of which version of the file. */
    private record Known(Optional<Object> version, List<User> users) {}

    Users(DroverProperties properties, PasswordEncoder encoder) {
        this.file = new UsersFile(properties.stateDirectory().resolve("users.json"));
        this.encoder = encoder;
        this.givenPassword = file.exists()
                ? Optional.empty()
                : properties.admin().passwordFile().map(Users::readPassword);
        if (file.exists()) {
            readAtStart();
        }
    }

    private static String readPassword(Path passwordFile) {
        try {
            var password = Files.readString(passwordFile).strip();
            PasswordRule.objection(password, FIRST_USER).ifPresent(why -> {
                throw new StartRefused(
                        StartRefused.EXIT_CONFIG, "admin.password-file " + passwordFile + " cannot be used: " + why);
            });
            return password;
        } catch (IOException failure) {
            throw new StartRefused(
                    StartRefused.EXIT_CONFIG,
                    "admin.password-file " + passwordFile + " cannot be read: " + Reason.of(failure));
        }
    }

    /** Without users that can be read nobody could sign in, which is better said before the farm is started. */
    private void readAtStart() {
        try {
            if (new PrivateFile(file.path()).close()) {
                LOG.warn("users file closed to others file={}", file.path());
            }
            known = new Known(file.version(), file.read());
        } catch (IOException failure) {
            throw new StartRefused(StartRefused.EXIT_CONFIG, "the users cannot be read: " + Reason.of(failure));
        }
    }

    // ---- who there is

    List<User> all() {
        var version = file.version();
        var before = known;
        if (version.isEmpty() || version.equals(before.version)) {
            return before.users;
        }
        return readAgain(version);
    }

    /** What cannot be read, such as a file in the middle of being edited, leaves everybody as he was. */
    private synchronized List<User> readAgain(Optional<Object> version) {
        try {
            known = new Known(version, file.read());
            LOG.info("users read again users={}", known.users.size());
        } catch (IOException failure) {
            known = new Known(version, known.users);
            LOG.error("users not read why=\"{}\"", failure.getMessage());
        }
        return known.users;
    }

    Optional<User> find(String name) {
        return all().stream().filter(user -> user.name().equals(name)).findFirst();
    }

    /** For whoever compares passwords. @throws UsernameNotFoundException */
    Account account(String name) {
        return find(name).map(Account::new).orElseThrow(() -> new UsernameNotFoundException("no such user"));
    }

    /** Whether a session of this account still stands for a user with the same password and role. */
    boolean isCurrent(Account account) {
        return find(account.getUsername()).filter(account::isStill).isPresent();
    }

    // ---- changes

    /** A new user, whose password somebody else has chosen. */
    User add(String name, Role role, String password) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "A name has 1 to 64 letters, digits, dots, hyphens, underscores or @, and begins with a letter or digit.");
        }
        if (TAKEN_NAMES.contains(name)) {
            throw new Refusal(HttpStatus.CONFLICT, "Drover itself acts under the name " + name + ".");
        }
        var user = new User(name, hash(password, name), role, /* passwordIsInitial= */ true, now(), Optional.empty());
        return change(
                users -> {
                    if (users.stream().anyMatch(other -> other.name().equalsIgnoreCase(name))) {
                        throw new Refusal(HttpStatus.CONFLICT, "There is a user " + name + " already.");
                    }
                    var more = new ArrayList<>(users);
                    more.add(user);
                    return more;
                },
                name);
    }

    /** @param initial whether somebody else than the user has chosen it */
    User setPassword(String name, String password, boolean initial) {
        var hash = hash(password, name);
        return replace(name, user -> user.withPassword(hash, initial));
    }

    /** Gives a user another role, another password of somebody else's choice, or both at once. */
    User edit(String name, Optional<Role> role, Optional<String> password) {
        var hash = password.map(chosen -> hash(chosen, name));
        return replace(name, user -> {
            var edited = role.map(user::withRole).orElse(user);
            return hash.map(one -> edited.withPassword(one, /* isInitial= */ true))
                    .orElse(edited);
        });
    }

    /** Notes a login. Nobody is kept out because the disk is full. */
    void signedIn(String name) {
        var when = now();
        try {
            replace(name, user -> user.signedInAt(when));
        } catch (Refusal notNoted) {
            LOG.warn("login not noted user={}", name); // change has said why
        }
    }

    private User replace(String name, UnaryOperator<User> to) {
        return change(
                users -> {
                    require(users, name);
                    return users.stream()
                            .map(user -> user.name().equals(name) ? to.apply(user) : user)
                            .toList();
                },
                name);
    }

    void remove(String name) {
        change(
                users -> {
                    require(users, name);
                    return users.stream()
                            .filter(user -> !user.name().equals(name))
                            .toList();
                },
                name);
    }

    private static void require(List<User> users, String name) {
        if (users.stream().noneMatch(user -> user.name().equals(name))) {
            throw noSuchUser(name);
        }
    }

    static Refusal noSuchUser(String name) {
        return new Refusal(HttpStatus.NOT_FOUND, "There is no user " + name + ".");
    }

    private String hash(String password, String name) {
        PasswordRule.objection(password, name).ifPresent(why -> {
            throw new Refusal(HttpStatus.BAD_REQUEST, why);
        });
        return String.valueOf(encoder.encode(password));
    }

    /** Takes a change into the file, and then counts it; the user it was about, or who it was before it went. */
    private synchronized User change(UnaryOperator<List<User>> to, String name) {
        var before = all();
        var after = List.copyOf(to.apply(before));
        if (before.stream().anyMatch(User::isAdmin) && after.stream().noneMatch(User::isAdmin)) {
            throw new Refusal(HttpStatus.CONFLICT, "Nobody would be left with the role admin.");
        }
        try {
            file.write(after);
        } catch (IOException failure) {
            LOG.error("users not written why=\"{}\"", failure.toString());
            throw new Refusal(
                    HttpStatus.INSUFFICIENT_STORAGE, file.path() + " cannot be written: " + Reason.of(failure));
        }
        known = new Known(file.version(), after);
        return Stream.concat(after.stream(), before.stream())
                .filter(user -> user.name().equals(name))
                .findFirst()
                .orElseThrow(() -> noSuchUser(name));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    // ---- the first

    /** Makes the first user when the farm has come up: a password that was shown for nothing would be lost. */
    @Override
    public void start() {
        running = true;
        if (file.exists()) {
            return;
        }
        var password = givenPassword.orElseGet(Users::randomPassword);
        var first = new User(
                FIRST_USER,
                String.valueOf(encoder.encode(password)),
                Role.ADMIN,
                /* passwordIsInitial= */ givenPassword.isEmpty(),
                now(),
                Optional.empty());
        try {
            file.write(List.of(first));
        } catch (IOException failure) {
            throw new StartRefused(StartRefused.EXIT_FAILED, "cannot write " + file.path() + ": " + Reason.of(failure));
        }
        known = new Known(file.version(), List.of(first));
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
