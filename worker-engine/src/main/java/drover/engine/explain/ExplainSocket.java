package drover.engine.explain;

import drover.engine.files.FileCache;
import drover.engine.http.RequestParser;
import drover.engine.log.Log;
import drover.engine.vhost.VirtualHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where admin asks a worker why a request gets what it gets: a UNIX socket in the run directory, which only this user can
 * reach. One question for each connection, one at a time, on a thread of its own, so that the road never hears of it. A worker
 * that cannot have the socket serves without.
 */
public final class ExplainSocket implements Runnable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_BYTES = 4 * RequestParser.MAX_HEAD;
    private static final String CLIENT = "client ";

    private final Path path;
    private final VirtualHosts virtualHosts;
    private final FileCache cache;

    /** One of a worker's seat. */
    public ExplainSocket(Path runDirectory, int slot, int seat, VirtualHosts virtualHosts, FileCache cache) {
        this.path = runDirectory.resolve("explain-" + slot + "-" + seat + ".sock");
        this.virtualHosts = virtualHosts;
        this.cache = cache;
    }

    /** Never returns while the socket can be had; to be run by a daemon thread. */
    @Override
    public void run() {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            Files.deleteIfExists(path); // of an earlier process in this seat
            socket.bind(UnixDomainSocketAddress.of(path));
            while (true) {
                try (var channel = socket.accept()) {
                    answer(channel, selector);
                } catch (IOException | RuntimeException failure) {
                    Log.error("question not answered", failure);
                }
            }
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException refused) {
            Log.warn("questions not taken socket=" + path + " why=\"" + refused.getMessage() + "\"");
        }
    }

    /** The worker leaves. */
    public void end() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException refused) {
            Log.warn("socket not deleted socket=" + path + " why=\"" + refused.getMessage() + "\"");
        }
    }

    private void answer(SocketChannel channel, Selector selector) throws IOException {
        var question = read(channel, selector);
        channel.configureBlocking(true);
        var answer = ByteBuffer.wrap(explained(question).getBytes(StandardCharsets.UTF_8));
        while (answer.hasRemaining()) {
            channel.write(answer);
        }
    }

    /** Until the other side has said all, or takes too long. */
    private static byte[] read(SocketChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        var key = channel.register(selector, SelectionKey.OP_READ);
        var bytes = ByteBuffer.allocate(MOST_BYTES);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            int count = 0;
            while (count >= 0 && bytes.hasRemaining()) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new IOException("the question did not end within " + PATIENCE.toSeconds() + " s");
                }
                selector.select(left);
                selector.selectedKeys().clear();
                count = channel.read(bytes);
            }
        } finally {
            key.cancel();
            selector.selectNow();
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** A first line says whom the request is of, the rest is its head. */
    private String explained(byte[] question) throws IOException {
        var text = new String(question, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (!text.startsWith(CLIENT) || end < 0) {
            return "error the question does not begin with whom the request is of\n";
        }
        InetAddress client;
        try {
            client = InetAddress.ofLiteral(text.substring(CLIENT.length(), end));
        } catch (IllegalArgumentException noAddress) {
            return "error the client is no address\n";
        }
        return Explanation.of(
                virtualHosts, cache, client, java.util.Arrays.copyOfRange(question, end + 1, question.length));
    }
}
