package drover.admin.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Paths that a site shows only to users who say their password.
 *
 * @param path of what is protected
 * @param realm what a browser says that the password is for
 * @param users each {@code name:hash}, as {@code drover hash-password} and {@code htpasswd -B} print it
 * @param usersFile holds more of them, one a line; read again within a second when it changes
 */
@ConfigurationPropertiesSource
public record Protection(
        @DefaultValue("/**") PathGlob path,
        @DefaultValue("restricted") String realm,
        @DefaultValue List<PasswordEntry> users,
        Optional<Path> usersFile) {

    public Protection {
        users = List.copyOf(users);
        Scalar.require(
                realm.matches("[\\x20-\\x7e&&[^\"\\\\]]{1,100}"),
                "realm must be at most 100 printable ASCII characters without quotes and backslashes");
        Scalar.require(
                !users.isEmpty() || usersFile.isPresent(), "it must have users or users-file, or nobody could come in");
    }

    Protection resolvedAgainst(Path home) {
        return new Protection(
                path,
                realm,
                users,
                usersFile.map(file -> home.resolve(file).toAbsolutePath().normalize()));
    }
}
