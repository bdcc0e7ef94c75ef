package drover.verify.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One TCP connection to a server, over which one request is made after another. Nothing is ever tried twice, and every
 * failure says at which point it came. For one thread, which blocks.
 */
public final class Wire implements AutoCloseable {

    /** How long a client waits for the next byte. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int HEAD_LIMIT = 16 << 10;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private final long openedNanos = System.nanoTime();
    private int begin;
    private int end;
    private boolean wantsClose;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** @throws Failed with {@link Outcome#REFUSED} or {@link Outcome#TIMEOUT} */
    public static Wire open(InetSocketAddress address) throws Failed {
        return open(address, 0);
    }

    /** As {@link #open(InetSocketAddress)}, with room for so many bytes that were not taken yet; 0 for the usual. */
    public static Wire open(InetSocketAddress address, int receiveBytes) throws Failed {
        var socket = new Socket();
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new Wire(socket);
        } catch (IOException failure) {
            closeQuietly(socket);
            var outcome = failure instanceof SocketTimeoutException ? Outcome.TIMEOUT : Outcome.REFUSED;
            throw new Failed(outcome, failure);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It was never connected, or is no more: nothing can be lost.
        }
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    /** {@link System#nanoTime} when the connection was made. */
    public long openedNanos() {
        return openedNanos;
    }

    /** Whether the server said with its last answer that it will close the connection. */
    public boolean wantsClose() {
        return wantsClose;
    }

    /** How long the server may be silent before a request counts as {@link Outcome#TIMEOUT}. */
    public void patience(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
    }

    // ---- requests

    /** Asks for a page and looks at every byte of the answer. */
    public void get(Page page) throws Failed {
        get(page, Long.MAX_VALUE);
    }

    /** As {@link #get(Page)}, taking no more than so many bytes a second. */
    public void get(Page page, long bytesPerSecond) throws Failed {
        var answer = fetch(page.path(), bytesPerSecond);
        if (answer.status() != 200) {
            throw new Failed(Outcome.WRONG, "status " + answer.status() + " for " + page.path());
        }
        if (!page.digests().contains(answer.digest())) {
            throw new Failed(Outcome.WRONG, "another body for " + page.path() + ", SHA-256 " + answer.digest());
        }
    }

    /** What came for a path, whatever it is: status and SHA-256 of the body. */
    public record Answer(int status, String digest) {}

    /** Asks for a path, taking no more than so many bytes a second. */
    public Answer fetch(String path, long bytesPerSecond) throws Failed {
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var head = head();
        return new Answer(head.status(), Page.hex(body(head.length(), bytesPerSecond)));
    }

    /** Sends bytes as they are. */
    public void send(String bytes) throws Failed {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException failure) {
            throw new Failed(Outcome.RESET, "while a request was sent: " + failure.getMessage());
        }
    }

    /** The head of an answer: its status and how long a body follows. */
    public record Head(int status, long length, String text) {

        /** A field's value, if it is there. */
        public Optional<String> field(String name) {
            return text.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** Reads the head of an answer. */
    public Head head() throws Failed {
        int length = 0;
        while ((length = headLength()) < 0) {
            if (end - begin >= HEAD_LIMIT) {
                throw new Failed(Outcome.WRONG, "a head without an end");
            }
            fill(begin == end);
        }
        var text = new String(buffer, begin, length, StandardCharsets.ISO_8859_1);
        begin += length;
        try {
            var head = new Head(Integer.parseInt(text.substring(9, 12)), 0, text);
            wantsClose =
                    head.field("Connection").filter("close"::equalsIgnoreCase).isPresent();
            long body = Long.parseLong(head.field("Content-Length").orElse("0"));
            return new Head(head.status(), body, text);
        } catch (IndexOutOfBoundsException | NumberFormatException malformed) {
            throw new Failed(Outcome.WRONG, "a malformed head: " + text);
        }
    }

    private int headLength() {
        for (int at = begin; at + 4 <= end; at++) {
            if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') {
                return at + 4 - begin;
            }
        }
        return -1;
    }

    /** Reads a body of so many bytes, and is their SHA-256. */
    public byte[] body(long length, long bytesPerSecond) throws Failed {
        var digest = Page.sha256();
        long begun = System.nanoTime();
        for (long taken = 0; taken < length; ) {
            if (begin == end) {
                fill(false);
            }
            int count = (int) Math.min(end - begin, length - taken);
            digest.update(buffer, begin, count);
            begin += count;
            taken += count;
            pace(begun, taken, bytesPerSecond);
        }
        return digest.digest();
    }

    private static void pace(long begun, long taken, long bytesPerSecond) {
        if (bytesPerSecond == Long.MAX_VALUE) {
            return;
        }
        long ahead = (long) (taken * 1e9 / bytesPerSecond) - (System.nanoTime() - begun);
        if (ahead > 0) {
            LockSupport.parkNanos(ahead);
        }
    }

    private void fill(boolean beforeAnswer) throws Failed {
        if (begin > 0) {
            System.arraycopy(buffer, begin, buffer, 0, end - begin);
            end -= begin;
            begin = 0;
        }
        int count;
        try {
            count = in.read(buffer, end, buffer.length - end);
        } catch (SocketTimeoutException silence) {
            throw new Failed(Outcome.TIMEOUT, "no byte for " + PATIENCE);
        } catch (IOException failure) {
            throw new Failed(beforeAnswer ? Outcome.RESET : Outcome.TRUNCATED, failure);
        }
        if (count < 0) {
            throw new Failed(beforeAnswer ? Outcome.ENDED : Outcome.TRUNCATED, "end of stream");
        }
        end += count;
    }

    // ---- silence

    /**
     * Leaves the connection alone for a time, as a client does that thinks, and looks whether the server does too.
     *
     * @return whether the connection is still there and nothing came
     */
    public boolean isQuietFor(Duration time) throws IOException {
        if (time.toMillis() == 0) {
            return true;
        }
        socket.setSoTimeout((int) time.toMillis());
        try {
            // Anything that comes now is an end, or an answer to a question that nobody asked.
            in.read(buffer, 0, 1);
            return false;
        } catch (SocketTimeoutException silence) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return true;
        } catch (IOException reset) {
            return false;
        }
    }

    /** How many bytes still come until the server ends the connection. */
    public long rest() throws Failed {
        long count = 0;
        try {
            while (true) {
                count += end - begin;
                begin = end;
                fill(true);
            }
        } catch (Failed over) {
            if (over.outcome() == Outcome.TIMEOUT) {
                throw over;
            }
            return count;
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }
}
