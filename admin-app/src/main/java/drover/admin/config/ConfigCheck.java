package drover.admin.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.ssl.pem.PemContent;

/** What only the machine can tell of a configuration: whether it has what is named there. */
public final class ConfigCheck {

    private static final int HIGHEST_PORT = 65_535;

    private ConfigCheck() {}

    /** The same, if everything is there. @throws ConfigInvalid otherwise */
    public static ConfigLoader.Loaded checked(ConfigLoader.Loaded loaded) {
        var properties = loaded.properties();
        properties.listen().forEach(address -> address(loaded, address));
        documentRoot(loaded, properties.documentRoot());
        dashboard(loaded, properties.admin());
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

    /** Passwords and sessions must not cross a network in the clear because somebody did not think of it. */
    private static void dashboard(ConfigLoader.Loaded loaded, DroverProperties.Admin admin) {
        admin.tls().certificate().ifPresent(file -> pem(loaded, "drover.admin.tls.certificate", file));
        admin.tls().key().ifPresent(file -> pem(loaded, "drover.admin.tls.key", file));
        if (!admin.tls().isOn() && !admin.allowPlainHttp() && !isLoopback(admin.address())) {
            throw invalid(
                    loaded,
                    "drover.admin.address",
                    admin.address()
                            + " can be reached from other machines, and there is no TLS: set admin.tls.certificate and"
                            + " admin.tls.key, or admin.allow-plain-http: true where something else protects it");
        }
    }

    private static void pem(ConfigLoader.Loaded loaded, String key, Path file) {
        try {
            var content = PemContent.load(file);
            boolean there = key.endsWith(".key")
                    ? content.getPrivateKey() != null
                    : !content.getCertificates().isEmpty();
            if (!there) {
                throw invalid(loaded, key, file + " holds none in PEM");
            }
        } catch (IOException unreadable) {
            throw invalid(loaded, key, file + " cannot be read by this user");
        } catch (IllegalStateException | IllegalArgumentException damaged) {
            throw invalid(loaded, key, file + " cannot be used: " + damaged.getMessage());
        }
    }

    /** A name that cannot be resolved is none: whoever binds it says so. */
    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return true;
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
