package drover.verify.farm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Debian's nginx with two workers, to compare with. */
public final class Nginx implements AutoCloseable {

    private final Process process;
    private final InetSocketAddress address;

    private Nginx(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** One that serves a directory as its default configuration would. */
    public static Nginx start(Path directory, Path root) throws IOException {
        Files.createDirectories(directory);
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
        var configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, """
                daemon off;
                user root;
                worker_processes 2;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log;
                events { worker_connections 4096; }
                http {
                  access_log %1$s/access.log combined;
                  sendfile on;
                  keepalive_requests 100000000;
                  server { listen 127.0.0.1:%2$d backlog=4096; root %3$s; }
                }
                """.formatted(directory, address.getPort(), root));
        var process = new ProcessBuilder("nginx", "-p", directory.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.out").toFile())
                .start();
        if (!Deadline.within(Duration.ofSeconds(30)).until(() -> answers(address))) {
            process.destroy();
            throw new FarmFailed("nginx does not answer: " + Files.readString(directory.resolve("nginx.out")));
        }
        return new Nginx(process, address);
    }

    private static boolean answers(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    public InetSocketAddress address() {
        return address;
    }

    /** As an administrator does it: {@code nginx -s reload}. */
    public void reload() throws IOException, InterruptedException {
        Processes.signal(process.pid(), "HUP");
    }

    @Override
    public void close() {
        process.destroy();
        if (!Deadline.within(Duration.ofSeconds(10)).until(() -> !process.isAlive())) {
            process.destroyForcibly();
        }
    }
}
