package drover.admin.cli;

import drover.admin.supervision.RunDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks admin by its socket in the run directory, which only this user can reach: the same API as the dashboard's, without a
 * password. {@code docs/decisions/0016-the-command-line-speaks-http-over-a-unix-socket.md} says why.
 */
final class AdminClient {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String JSON_TYPE = "application/json";
    private static final String YAML_TYPE = "application/yaml";
    private static final int BUFFER = 8192;
    private static final int LONGEST_ANSWER = 64 << 20;

    private final RunDirectory directory;

    AdminClient(RunDirectory directory) {
        this.directory = directory;
    }

    /** What admin said: a status code, and what the API answers with. */
    record Answer(int status, JsonNode body) {

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** Why it was refused, a sentence. */
        String problem() {
            return body.path("detail").asString("admin answered " + status);
        }
    }

    /** Admin cannot be asked; the message says why and what to do. */
    static final class AdminAway extends IOException {

        private static final long serialVersionUID = 1;

        AdminAway(String message) {
            super(message);
        }
    }

    Answer get(String path) throws IOException {
        return send("GET", path, JSON_TYPE, "");
    }

    Answer post(String path) throws IOException {
        return send("POST", path, JSON_TYPE, "");
    }

    /** Sends a configuration. */
    Answer postYaml(String path, String yaml) throws IOException {
        return send("POST", path, YAML_TYPE, yaml);
    }

    Answer put(String path, String json) throws IOException {
        return send("PUT", path, JSON_TYPE, json);
    }

    /**
     * Sends a request and waits for its whole answer, however long admin takes.
     *
     * @throws AdminAway if there is no admin, or it ends meanwhile
     */
    private Answer send(String method, String path, String type, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        // In HTTP/1.0 an answer has no chunks, and the end of the connection ends it.
        var head = "%s %s HTTP/1.0\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, type, body.length);
        try (var channel = connect()) {
            write(channel, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            write(channel, ByteBuffer.wrap(body));
            return parse(readAll(channel));
        } catch (AdminAway away) {
            throw away;
        } catch (IOException brokenOff) {
            throw new AdminAway("admin ended while it was asked: " + brokenOff.getMessage());
        }
    }

    private SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(directory.adminSocket()));
            return channel;
        } catch (IOException nobody) {
            channel.close();
            throw new AdminAway(
                    directory.holder().isPresent()
                            ? "admin is starting or stopping, ask again in a moment (" + directory.adminSocket() + ": "
                                    + nobody.getMessage() + ")"
                            : "admin is down, and nobody else takes commands; the farm serves without it, and ./drover up"
                                    + " starts it again");
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte[] readAll(SocketChannel channel) throws IOException {
        var all = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (all.size() > LONGEST_ANSWER) {
                throw new IOException("the answer is too long");
            }
        }
        return all.toByteArray();
    }

    private static Answer parse(byte[] bytes) throws IOException {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.matches("(?s)HTTP/1\\.[01] \\d{3} .*")) {
            throw new IOException("the answer is no HTTP");
        }
        try {
            var body = text.substring(end + "\r\n\r\n".length());
            int status = Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
            return new Answer(status, body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body));
        } catch (JacksonException noJson) {
            throw new IOException("the answer is no JSON");
        }
    }
}
