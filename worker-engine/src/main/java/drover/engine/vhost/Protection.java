package drover.engine.vhost;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Paths that only users with a password may ask for, RFC 7617.
 *
 * @param realm what a browser tells its user that the password is for; printable ASCII without quotes and backslashes
 * @param users each {@code name:hash}, the hash bcrypt's
 * @param usersFile holds more of them, one a line; read again when it changes
 */
public record Protection(Glob path, String realm, List<String> users, Optional<Path> usersFile) {

    public Protection {
        users = List.copyOf(users);
    }

    /** The field with which a client is asked for a password. */
    public String challenge() {
        return "WWW-Authenticate: Basic realm=\"" + realm + "\", charset=\"UTF-8\"\r\n";
    }
}
