package drover.verify.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;

/** One connection: everything is sent, the end too, and everything that comes is taken until the server ends it. */
public final class Wire {

    private static final int PATIENCE_MILLIS = 20_000;

    private Wire() {}

    /** How a connection ended. */
    public enum End {
        /** Orderly. */
        CLOSED,
        /** The server had closed while bytes were still on their way to it. */
        RESET,
        /** Neither bytes nor an end for twenty seconds. */
        SILENT
    }

    /**
     * What came back.
     *
     * @param nanos from the last byte sent to the end
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Received(byte[] bytes, End end, long nanos) {}

    /**
     * Plays one.
     *
     * @param pieces where in the bytes a write ends, in order
     */
    public static Received exchange(InetSocketAddress server, byte[] bytes, List<Integer> pieces) throws IOException {
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server);
            send(socket, bytes, pieces);
            long sent = System.nanoTime();
            var received = new ByteArrayOutputStream();
            var end = receive(socket, received);
            return new Received(received.toByteArray(), end, System.nanoTime() - sent);
        }
    }

    /** A server may refuse and close before all is sent; what it said is read all the same. */
    private static void send(Socket socket, byte[] bytes, List<Integer> pieces) {
        try {
            var out = socket.getOutputStream();
            int from = 0;
            for (int to : pieces) {
                out.write(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
            out.write(Arrays.copyOfRange(bytes, from, bytes.length));
            socket.shutdownOutput();
        } catch (IOException gone) {
            // its answer tells
        }
    }

    private static End receive(Socket socket, ByteArrayOutputStream received) {
        var buffer = new byte[16 * 1024];
        try {
            var in = socket.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                received.write(buffer, 0, count);
            }
            return End.CLOSED;
        } catch (SocketTimeoutException quiet) {
            return End.SILENT;
        } catch (IOException reset) {
            return End.RESET;
        }
    }
}
