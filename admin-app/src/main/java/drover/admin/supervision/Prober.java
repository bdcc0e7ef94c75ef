package drover.admin.supervision;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks a farm on loopback what it answers, for heads only, over one connection that is kept as long as the other side does.
 * Used by one thread.
 */
final class Prober implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private static final Pattern LOCATION = Pattern.compile("\\r\\n(?i:location): ([^\\r\\n]*)\\r\\n");

    private final int port;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    Prober(int port) {
        this.port = port;
    }

    /** What an address answered: a status code, and where it sends the client if it does. */
    record Seen(int status, Optional<String> location) {}

    /** The status code for an address. @throws IOException if there is no answer to be understood */
    int status(Address address) throws IOException {
        return look(address).status();
    }

    /** The answer of an address. @throws IOException if there is none to be understood */
    Seen look(Address address) throws IOException {
        boolean kept = socket.isConnected();
        try {
            return ask(address);
        } catch (IOException closed) {
            if (!kept) {
                throw closed;
            }
            close(); // it may have been closed before it saw the request
            return ask(address);
        }
    }

    private Seen ask(Address address) throws IOException {
        if (!socket.isConnected()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }
        var request = "HEAD %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: drover-rehearsal\r\n\r\n"
                .formatted(address.path(), address.host());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var head = head();
        if (head.toLowerCase(java.util.Locale.ROOT).contains("\r\nconnection: close")) {
            close();
        }
        var status = STATUS.matcher(head);
        if (!status.lookingAt()) {
            throw new IOException("an answer that is no HTTP");
        }
        var location = LOCATION.matcher(head);
        return new Seen(
                Integer.parseInt(status.group(1)), location.find() ? Optional.of(location.group(1)) : Optional.empty());
    }

    private String head() throws IOException {
        var head = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next < 0 || head.size() >= LONGEST_HEAD) {
                throw new IOException("no answer");
            }
            head.write(next);
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        socket = new Socket();
    }
}
