package drover.admin;

import drover.admin.config.DroverProperties;
import drover.admin.shared.Reason;
import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at what Drover needs before anything is started, so that a refusal leaves nothing behind. */
final class Preflight {

    private Preflight() {}

    static void check(DroverProperties properties) {
        writable("state-directory", properties.stateDirectory());
        writable("log-directory", properties.logDirectory());
        free("admin.port", properties.admin().address(), properties.admin().port());
        free(
                "admin.management-port",
                properties.admin().managementAddress(),
                properties.admin().managementPort());
        if (properties.admin().port() != 0
                && properties.admin().port() == properties.admin().managementPort()) {
            throw refused("admin.port and admin.management-port are both "
                    + properties.admin().port() + "; they must differ");
        }
    }

    private static void writable(String key, Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ""));
        } catch (IOException failure) {
            throw refused(key + " " + directory + " cannot be written: " + Reason.of(failure));
        }
    }

    private static void free(String key, String address, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException taken) {
            throw refused(key + " " + address + ":" + port + " cannot be used: " + taken.getMessage()
                    + "; end what listens there or set another one");
        }
    }

    private static StartRefused refused(String why) {
        return new StartRefused(StartRefused.EXIT_CONFIG, why);
    }
}
