package drover.admin.supervision;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the master: one line down, one line back; {@code docs/formats/control.md}. */
public final class ControlClient {

    private static final int MAX_ANSWER = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path socket;
    private final Duration patience;

    /** For a socket; {@code patience} is how long an answer may take. */
    ControlClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /** For the farm in a run directory. */
    public static ControlClient of(RunDirectory directory) {
        return new ControlClient(directory.controlSocket(), PATIENCE);
    }

    /**
     * The answer to a command, without its newline.
     *
     * @throws IOException if nobody listens there, or no answer comes in time
     */
    public String ask(String command) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return read(channel, selector);
        }
    }

    private String read(SocketChannel channel, Selector selector) throws IOException {
        var answer = ByteBuffer.allocate(MAX_ANSWER + 1);
        long deadline = System.nanoTime() + patience.toNanos();
        while (answer.position() == 0 || answer.get(answer.position() - 1) != '\n') {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0 || !answer.hasRemaining()) {
                throw new IOException("the master did not answer");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            if (channel.read(answer) < 0) {
                throw new IOException("the master hung up");
            }
        }
        return new String(answer.array(), 0, answer.position() - 1, StandardCharsets.UTF_8);
    }
}
