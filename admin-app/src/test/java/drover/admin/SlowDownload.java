package drover.admin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A client that asks for more than any buffer holds and reads none of it. */
record SlowDownload(String path, Socket socket) implements AutoCloseable {

    private static final long SIZE = 256L << 20;
    private static final int BUFFER = 16 << 10;

    /** Asks the default site for a file of zeros of this name, which takes no room. */
    static SlowDownload of(RunningDrover drover, String path) throws IOException {
        try (var file = new RandomAccessFile(drover.path("sites/default" + path).toFile(), "rw")) {
            file.setLength(SIZE);
        }
        var socket = new Socket();
        socket.setReceiveBufferSize(BUFFER);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), drover.site("/").getPort()));
        socket.getOutputStream()
                .write(("GET " + path + "?token=secret HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new SlowDownload(path, socket);
    }

    /** How it stands in a list of requests; missing if it does not. */
    JsonNode among(JsonNode requests) {
        return StreamSupport.stream(requests.spliterator(), false)
                .filter(request -> request.path("path").asString().equals(path + "?..."))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
