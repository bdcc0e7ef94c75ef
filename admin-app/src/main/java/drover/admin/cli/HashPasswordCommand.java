package drover.admin.cli;

import drover.admin.shared.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder.BCryptVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what stands for a user in {@code sites.NAME.auth}: the password is read without echo, and never an argument. */
@Command(
        name = "hash-password",
        description = {
            "Reads a password, from the terminal without showing it or else one line of standard input, and prints its bcrypt hash.",
            "With a name it prints NAME:HASH, a line for users or users-file of a site's auth."
        })
final class HashPasswordCommand implements Callable<Integer> {

    /** bcrypt looks at no more. */
    private static final int MOST_BYTES = 72;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The user's name.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--cost",
            paramLabel = "N",
            defaultValue = "10",
            description = "4 to 14; each more doubles the time that a check takes. 10 is the default.")
    private int cost;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli itself acts on it
    private boolean help;

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec = picocli.CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        refuseUnless(cost >= 4 && cost <= 14, "--cost must be 4 to 14");
        refuseUnless(
                name.isEmpty() || name.get().matches("[^:#\\p{Cntrl}][^:\\p{Cntrl}]*"),
                "NAME must have no colon and no control characters, and not begin with #");
        var password = password();
        refuseUnless(!password.isEmpty(), "the password is empty");
        refuseUnless(
                password.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES,
                "the password is longer than 72 bytes, and bcrypt looks at no more");
        refuseUnless(password.chars().noneMatch(Character::isISOControl), "the password has control characters");
        var hash = new BCryptPasswordEncoder(BCryptVersion.$2B, cost).encode(password);
        Console.say(name.map(user -> user + ":").orElse("") + hash);
        return 0;
    }

    private void refuseUnless(boolean holds, String why) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), why);
        }
    }

    private String password() throws IOException {
        var terminal = Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
        if (terminal.isEmpty()) {
            var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return Optional.ofNullable(line).orElse("");
        }
        var password = terminal.get().readPassword("Password: ");
        var again = terminal.get().readPassword("Once more: ");
        refuseUnless(password != null && again != null && Arrays.equals(password, again), "they are not the same");
        return new String(password);
    }
}
