import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Asks at a given rate, whatever the server does: {@code OpenLoop.java PORT PATH RATE SECONDS}. Requests are due at random
 * times (Poisson, fixed seed) and go to whichever of 64 kept-alive connections is free; a latency counts from the time
 * its request was due, so that a server that stalls is not spared the requests that meanwhile wait for a connection.
 * Prints {@code measured REQUESTS SECONDS FAILED P99_MICROS}, after an unmeasured second at the same rate.
 */
final class OpenLoop {

    private static final int CONNECTIONS = 64;
    private static final int WARM_UP_SECONDS = 1;

    private final ByteBuffer request;
    private final double nanosBetween;
    private final Random random = new Random(20260401);
    private final Selector selector = Selector.open();
    private final ArrayDeque<Lane> free = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private int[] micros = new int[1 << 20];
    private int count;
    private int failed;

    private OpenLoop(String path, double rate) throws IOException {
        request = ByteBuffer.allocateDirect(256);
        request.put(("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(StandardCharsets.US_ASCII)).flip();
        nanosBetween = 1e9 / rate;
    }

    /** A connection, and when its request was due. */
    private static final class Lane {
        private final SocketChannel channel;
        private final int answerLength;
        private int left;
        private long dueNanos;

        Lane(SocketChannel channel, int answerLength) {
            this.channel = channel;
            this.answerLength = answerLength;
        }
    }

    public static void main(String[] arguments) throws IOException {
        var loop = new OpenLoop(arguments[1], Double.parseDouble(arguments[2]));
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        for (int i = 0; i < CONNECTIONS; i++) {
            loop.connect(server);
        }
        loop.run(WARM_UP_SECONDS);
        loop.count = 0;
        long start = System.nanoTime();
        loop.run(Double.parseDouble(arguments[3]));
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(loop.micros, 0, loop.count);
        System.out.printf(
                "measured %d %.6f %d %d%n", loop.count, seconds, loop.failed, loop.micros[(int) (loop.count * 0.99)]);
    }

    /** Every answer is as long as the first: the same file, and fields of fixed width. */
    private void connect(InetSocketAddress server) throws IOException {
        var channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.write(request.duplicate());
        var answer = ByteBuffer.allocate(64 * 1024);
        int length = -1;
        while (length < 0 || answer.position() < length) {
            if (channel.read(answer) < 0) {
                throw new IOException("closed at the first request");
            }
            length = length(new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII));
        }
        channel.configureBlocking(false);
        var lane = new Lane(channel, length);
        channel.register(selector, SelectionKey.OP_READ, lane);
        free.add(lane);
    }

    private static int length(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return -1;
        }
        var field = Pattern.compile("(?im)^content-length: *(\\d+)").matcher(answer);
        if (!answer.startsWith("HTTP/1.1 200") || !field.find()) {
            throw new IllegalStateException("not a file: " + answer.lines().findFirst());
        }
        return end + 4 + Integer.parseInt(field.group(1));
    }

    private void run(double seconds) throws IOException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        double due = start;
        for (long now = start; now < end; now = System.nanoTime()) {
            while (due <= now && !free.isEmpty()) {
                ask(free.poll(), (long) due);
                due -= Math.log(1 - random.nextDouble()) * nanosBetween;
            }
            selector.selectNow(this::take);
        }
        while (free.size() + failed < CONNECTIONS && System.nanoTime() < end + 1_000_000_000L) {
            selector.selectNow(this::take);
        }
    }

    private void ask(Lane lane, long dueNanos) throws IOException {
        lane.dueNanos = dueNanos;
        lane.left = lane.answerLength;
        lane.channel.write(request.duplicate());
    }

    private void take(SelectionKey key) {
        var lane = (Lane) key.attachment();
        try {
            int length = lane.channel.read(buffer.clear());
            lane.left -= length;
            if (length < 0 || lane.left < 0) {
                throw new IOException("answered otherwise");
            }
            if (lane.left == 0) {
                note((System.nanoTime() - lane.dueNanos) / 1000);
                free.add(lane);
            }
        } catch (IOException broken) {
            failed++;
            key.cancel();
        }
    }

    private void note(long latencyMicros) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, 2 * count);
        }
        micros[count++] = (int) Math.min(latencyMicros, Integer.MAX_VALUE);
    }
}
