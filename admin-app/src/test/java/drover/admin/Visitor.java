package drover.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Asks for a page again and again over plain sockets, and tells apart what a visitor would notice: a response that was cut,
 * a status that is not 200, a request that nobody answered.
 */
final class Visitor {

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private static final Duration BEFORE_TRYING_AGAIN = Duration.ofMillis(1);

    private final URI page;
    private final boolean keepAlive;
    private final Duration pause;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final List<String> broken = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("visitor").daemon().unstarted(this::visit);

    private Visitor(URI page, boolean keepAlive, Duration pause) {
        this.pause = pause;
        this.page = page;
        this.keepAlive = keepAlive;
    }

    static Visitor who(URI page, boolean keepAlive) {
        return who(page, keepAlive, Duration.ZERO);
    }

    /** One who reads so long before the next request. */
    static Visitor who(URI page, boolean keepAlive, Duration pause) {
        var visitor = new Visitor(page, keepAlive, pause);
        visitor.thread.start();
        return visitor;
    }

    private void visit() {
        while (!over.get()) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), page.getPort())) {
                do {
                    ask(socket);
                    LockSupport.parkNanos(pause.toNanos());
                } while (keepAlive && !over.get());
            } catch (IOException refused) {
                unanswered.incrementAndGet();
                LockSupport.parkNanos(BEFORE_TRYING_AGAIN.toNanos());
            }
        }
    }

    private void ask(Socket socket) throws IOException {
        var request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n"
                .formatted(page.getPath(), page.getAuthority(), keepAlive ? "keep-alive" : "close");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        int first = socket.getInputStream().read();
        if (first < 0) {
            throw new IOException("closed before an answer");
        }
        try {
            read(first, socket.getInputStream());
        } catch (IOException cut) {
            note("cut: " + cut.getMessage());
            throw cut;
        }
    }

    private void read(int first, InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int b = first; !head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n"); b = in.read()) {
            if (b < 0) {
                throw new IOException("within the head");
            }
            head.write(b);
            if (head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                break;
            }
        }
        var text = head.toString(StandardCharsets.US_ASCII);
        var length = LENGTH.matcher(text);
        int wanted = length.find() ? Integer.parseInt(length.group(1)) : 0;
        int got = in.readNBytes(wanted).length;
        if (got < wanted) {
            throw new IOException("after " + got + " of " + wanted + " bytes");
        }
        if (text.startsWith("HTTP/1.1 200 ")) {
            whole.incrementAndGet();
        } else {
            note(text.lines().findFirst().orElse(""));
        }
    }

    private synchronized void note(String what) {
        broken.add(what);
    }

    int whole() {
        return whole.get();
    }

    /** Connections refused, or closed before the first byte of an answer. */
    int unanswered() {
        return unanswered.get();
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    /** Ends after the answer it waits for. */
    void stop() throws InterruptedException {
        over.set(true);
        thread.join();
    }
}
