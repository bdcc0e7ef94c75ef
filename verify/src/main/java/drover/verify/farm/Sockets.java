package drover.verify.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** TCP sockets over IPv4 on this machine, as the kernel lists them. */
public final class Sockets {

    private static final String ESTABLISHED = "01";

    private Sockets() {}

    /** Ports of clients whose connection to a server's port the server's side holds open. */
    public static Set<Integer> clientsOf(int serverPort) throws IOException {
        return Set.copyOf(byInode(serverPort).values());
    }

    /** Ports of clients whose connection to a server's port a process holds. */
    public static Set<Integer> clientsOf(int serverPort, long pid) throws IOException {
        var sockets = byInode(serverPort);
        var ports = new HashSet<Integer>();
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (var descriptor : descriptors.toList()) {
                var port = sockets.get(target(descriptor));
                if (port != null) {
                    ports.add(port);
                }
            }
        }
        return ports;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static Map<String, Integer> byInode(int serverPort) throws IOException {
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .skip(1)
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .filter(fields ->
                        port(fields.get(1)) == serverPort && fields.get(3).equals(ESTABLISHED))
                .collect(Collectors.toMap(
                        fields -> "socket:[" + fields.get(9) + "]",
                        fields -> port(fields.get(2)),
                        (first, second) -> first));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
