package drover.verify.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import drover.verify.farm.Deadline;
import drover.verify.farm.FarmFailed;
import drover.verify.farm.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The nginx of this machine, serving the same files as a farm. */
final class Nginx implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final InetSocketAddress address;

    private Nginx(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    static Nginx start(Path directory, Path sites) throws IOException {
        Files.createDirectories(directory);
        int port = Ports.free();
        var configuration = directory.resolve("nginx.conf");
        try (var template = Nginx.class.getResourceAsStream("nginx.conf")) {
            if (template == null) {
                throw new IllegalStateException("no nginx.conf beside " + Nginx.class);
            }
            Files.writeString(
                    configuration,
                    new String(template.readAllBytes(), UTF_8)
                            .replace("@ROOT@", directory.toString())
                            .replace("@SITES@", sites.toString())
                            .replace("@PORT@", Integer.toString(port)));
        }
        var said = directory.resolve("said.txt");
        var process = new ProcessBuilder("nginx", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        var pid = directory.resolve("nginx.pid");
        if (!Deadline.within(PATIENCE).until(() -> Files.exists(pid) || !process.isAlive()) || !process.isAlive()) {
            process.destroyForcibly();
            throw new FarmFailed("nginx did not start: " + Files.readString(said));
        }
        return new Nginx(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
