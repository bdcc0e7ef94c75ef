package drover.engine.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.lane.Accepted;
import drover.engine.lane.Handover;
import drover.engine.lane.MasterEnd;
import drover.engine.lane.Stage;
import drover.engine.posix.Adoption;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client on one connection, whose sockets hold little, so that a response is on its way for as long as it does not read. */
final class SlowClient implements AutoCloseable {

    private static final int SOCKET_BYTES = 16 << 10;

    private final Socket socket = new Socket();
    private final InputStream in;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Response(int code, Map<String, String> fields, byte[] body) {

        String field(String name) {
            return fields.getOrDefault(name, "none");
        }
    }

    /** Connects, and has the master pass the connection to its worker. */
    SlowClient(MasterEnd master, long sequence) throws IOException {
        try (var listener = ServerSocketChannel.open()) {
            listener.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.setReceiveBufferSize(SOCKET_BYTES);
            socket.setSoTimeout((int) RunningLoop.PATIENCE.toMillis());
            socket.connect(listener.getLocalAddress());
            try (var accepted = listener.accept()) {
                accepted.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BYTES);
                var peer = (InetSocketAddress) accepted.getRemoteAddress();
                var record = new Accepted(sequence, System.currentTimeMillis() * 1_000_000, peer);
                master.dispatch(new Handover(record, Stage.NEW, 0, new int[] {Adoption.number(accepted)}));
            }
        }
        in = new BufferedInputStream(socket.getInputStream(), 1);
    }

    static String request(String method, String path, String... fields) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\n"
                + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n";
    }

    void send(String requests) throws IOException {
        socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
    }

    /** Waits until an answer has begun to come. */
    void awaitAnswer() throws IOException {
        in.mark(1);
        assertThat(in.read()).isEqualTo('H');
        in.reset();
    }

    Response get(String path, String... fields) throws IOException {
        send(request("GET", path, fields));
        return response("GET");
    }

    Response response(String method) throws IOException {
        int code = Integer.parseInt(line().split(" ", 3)[1]);
        var fields = new TreeMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var nameAndValue = line.split(": ", 2);
            fields.put(nameAndValue[0].toLowerCase(Locale.ROOT), nameAndValue[1]);
        }
        boolean hasBody = !method.equals("HEAD") && code != 304;
        int length = hasBody ? Integer.parseInt(fields.getOrDefault("content-length", "0")) : 0;
        return new Response(code, fields, in.readNBytes(length));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            assertThat(octet).as("after " + line).isNotNegative();
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    /** Reads so many bytes, heads and all. */
    byte[] part(int length) throws IOException {
        var part = in.readNBytes(length);
        assertThat(part).hasSize(length);
        return part;
    }

    /** Reads to the end, which must be one and no reset. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    /** Waits for the connection's end, with or without a reset; false if an answer comes instead. */
    boolean isGone() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
