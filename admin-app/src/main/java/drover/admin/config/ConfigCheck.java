package drover.admin.config;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What only the machine can tell of a configuration: whether it has what is named there. */
public final class ConfigCheck {

    private static final int HIGHEST_PORT = 65_535;

    private ConfigCheck() {}

    /** The same, if everything is there. @throws ConfigInvalid otherwise */
    public static ConfigLoader.Loaded checked(ConfigLoader.Loaded loaded) {
        var properties = loaded.properties();
        properties.listen().forEach(address -> address(loaded, address));
        documentRoot(loaded, properties.documentRoot());
        properties
                .sites()
                .forEach((name, site) -> site.auth().stream()
                        .flatMap(protection -> protection.usersFile().stream())
                        .forEach(file -> usersFile(loaded, "drover.sites." + name + ".auth", file)));
        return loaded;
    }

    private static void address(ConfigLoader.Loaded loaded, String address) {
        int colon = address.lastIndexOf(':');
        try {
            var host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
            InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException noAddress) {
            throw invalid(
                    loaded, "drover.listen", address + ": this is no address; 127.0.0.1:8080 or [::1]:8080 is one");
        }
        if (Integer.parseInt(address.substring(colon + 1)) > HIGHEST_PORT) {
            throw invalid(loaded, "drover.listen", address + ": the highest port is " + HIGHEST_PORT);
        }
    }

    private static void documentRoot(ConfigLoader.Loaded loaded, Path root) {
        if (!Files.isDirectory(root)) {
            throw invalid(loaded, "drover.document-root", root + " is no directory; create it or set another one");
        }
        if (!Files.isReadable(root) || !Files.isExecutable(root)) {
            throw invalid(loaded, "drover.document-root", root + " cannot be read by this user");
        }
    }

    private static void usersFile(ConfigLoader.Loaded loaded, String key, Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw invalid(
                    loaded,
                    key,
                    "users-file " + file + " cannot be read; create it: htpasswd -B, or lines of NAME: and what"
                            + " ./drover hash-password prints");
        }
    }

    /** A refusal of a key's value, with its place. */
    public static ConfigInvalid invalid(ConfigLoader.Loaded loaded, String key, String why) {
        return new ConfigInvalid(loaded.written().place(key), key, key + " " + why);
    }
}
