package drover.engine.conformance;

import drover.engine.conformance.Case.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One case played on a connection of its own. When the responses that were hoped for have come, a further request tells
 * whether the connection is kept and still in step: had the server taken bytes of a body for a request, or left some of
 * one, the answer to it would not be the next thing to come.
 */
final class Exchange implements AutoCloseable {

    /** What came of it. */
    record Result(List<Reply> replies, boolean kept, boolean ended, String rest) {}

    private static final int PATIENCE_MILLIS = 8_000;
    private static final int PAUSE_MILLIS = 15;
    private static final String PROBE = "GET /probe.txt HTTP/1.1\r\nHost: drover.test\r\nConnection: close\r\n\r\n";
    private static final String PROBED = "still in step\n";

    private final Case played;
    private final Socket socket = new Socket();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private boolean ended;

    private Exchange(Case played) {
        this.played = played;
    }

    static Result play(Case played, InetSocketAddress server) throws IOException {
        try (var exchange = new Exchange(played)) {
            exchange.socket.setTcpNoDelay(true);
            exchange.socket.connect(server);
            return exchange.play();
        }
    }

    private Result play() throws IOException {
        for (var step : played.steps()) {
            switch (step) {
                case Step.Send(String octets) -> send(octets);
                case Step.Pause _ -> receive(PAUSE_MILLIS);
                case Step.Finish _ -> socket.shutdownOutput();
            }
        }
        await(played.mostResponses());
        var before = replies();
        if (!ended
                && !played.finishes()
                && (before.isEmpty() || !before.getLast().saysClose())) {
            send(PROBE);
        }
        await(Integer.MAX_VALUE);
        return result();
    }

    private Result result() {
        var reader = new ReplyReader(received.toByteArray());
        var replies = replies(reader);
        boolean kept = !replies.isEmpty() && replies.getLast().body().equals(PROBED);
        return new Result(kept ? replies.subList(0, replies.size() - 1) : replies, kept, ended, reader.rest());
    }

    private long finalReplies() {
        return replies().stream().filter(reply -> reply.code() >= 200).count();
    }

    private List<Reply> replies() {
        return replies(new ReplyReader(received.toByteArray()));
    }

    private List<Reply> replies(ReplyReader reader) {
        var replies = new ArrayList<Reply>();
        for (var reply = reader.next(played.answersHead(0), ended);
                reply.isPresent();
                reply = reader.next(played.answersHead(replies.size()), ended)) {
            replies.add(reply.get());
        }
        return replies;
    }

    private void await(int count) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!ended && (count == 0 || count == Integer.MAX_VALUE || finalReplies() < count)) {
            long left = (deadline - System.nanoTime()) / 1_000_000L;
            if (left <= 0) {
                return;
            }
            receive((int) left);
        }
    }

    /** Takes what comes within the time, or the end. */
    private void receive(int millis) throws IOException {
        if (ended) {
            return;
        }
        var buffer = new byte[64 * 1024];
        try {
            socket.setSoTimeout(millis);
            int count = socket.getInputStream().read(buffer);
            ended = count < 0;
            received.write(buffer, 0, Math.max(count, 0));
        } catch (SocketTimeoutException quiet) {
            // that, too, is something a server may do
        } catch (IOException reset) {
            ended = true;
        }
    }

    private void send(String octets) {
        try {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            // the server was faster: what it said before it went is still to be read
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
