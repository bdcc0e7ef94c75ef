import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Visitors of a site, for the tests of what is deployed: {@code java Visitors.java [--elsewhere] CLIENTS HOST:PORT ...}. Each has
 * one connection, asks for / on it again and again, looks at every byte of the answer, and comes back with a new connection now
 * and then. They work until SIGTERM; then one line says what became of their requests, and the exit code is 0 if none failed.
 *
 * <p>Without {@code --elsewhere} nothing is ever asked again. With it they do what a proxy in front of several nodes does: where
 * nobody answers a connection the next address is asked, and a request whose connection ended before the first byte of an answer
 * is asked at the next one (RFC 9110, section 9.2.2). A host's addresses are looked up for every connection.
 */
final class Visitors {

    private static final int REQUESTS_OF_A_CONNECTION = 200;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 10_000;
    private static final long THOUGHT_NANOS = 5_000_000;
    /** Rounds over all addresses before a request has failed. */
    private static final int ROUNDS = 3;

    private final List<String> hosts;
    private final boolean elsewhere;
    private final AtomicLong ok = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong again = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Map<String, AtomicLong> answered = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<byte[]>> page = new AtomicReference<>(Optional.empty());
    private final AtomicReference<String> firstFailure = new AtomicReference<>("");
    private volatile boolean running = true;

    private Visitors(List<String> hosts, boolean elsewhere) {
        this.hosts = hosts;
        this.elsewhere = elsewhere;
    }

    /** The request was certainly not answered, so it may be asked elsewhere. */
    private static final class Unanswered extends IOException {
        Unanswered(String why) {
            super(why);
        }
    }

    private record Wire(Socket socket, InputStream in, InetSocketAddress address, AtomicBoolean reusable)
            implements AutoCloseable {

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    public static void main(String... arguments) throws InterruptedException {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        var given = new ArrayList<>(Arrays.asList(arguments));
        boolean elsewhere = given.remove("--elsewhere");
        int clients = Integer.parseInt(given.removeFirst());
        var visitors = new Visitors(List.copyOf(given), elsewhere);
        var threads = new ArrayList<Thread>();
        for (int client = 0; client < clients; client++) {
            threads.add(Thread.ofPlatform().daemon().start(visitors::work));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> visitors.end(threads)));
        for (var thread : threads) {
            thread.join();
        }
    }

    private void end(List<Thread> threads) {
        running = false;
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException impatient) {
            failed.incrementAndGet();
        }
        System.out.println("visitors: ok " + ok + ", failed " + failed + ", asked elsewhere " + again + ", connections "
                + connections + ", answered by " + answered.size() + " addresses" + firstFailure.get());
        System.out.flush();
        Runtime.getRuntime().halt(failed.get() == 0 && ok.get() > 0 ? 0 : 1);
    }

    // ---- one visitor

    private void work() {
        while (running) {
            try {
                visit();
            } catch (IOException | RuntimeException failure) {
                failed(failure);
                LockSupport.parkNanos(THOUGHT_NANOS);
            }
        }
    }

    /** Requests over one connection. The first of them may have to go to several addresses. */
    private void visit() throws IOException {
        try (var wire = begin()) {
            for (int request = 1; running && request < REQUESTS_OF_A_CONNECTION && wire.reusable.get(); request++) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(THOUGHT_NANOS));
                try {
                    ask(wire);
                } catch (Unanswered unanswered) {
                    if (!elsewhere) {
                        throw unanswered;
                    }
                    again.incrementAndGet();
                    begin().close();
                    return;
                }
            }
        }
    }

    /** A new connection over which one request was answered. */
    private Wire begin() throws IOException {
        IOException last = new IOException("no address of " + hosts + " is known");
        for (int round = 0; round < (elsewhere ? ROUNDS : 1); round++) {
            for (var address : addresses()) {
                try {
                    var wire = connect(address);
                    try {
                        ask(wire);
                        return wire;
                    } catch (IOException failure) {
                        wire.close();
                        throw failure;
                    }
                } catch (Unanswered failure) {
                    last = failure;
                    if (!elsewhere) {
                        throw failure;
                    }
                    again.incrementAndGet();
                }
            }
        }
        throw last;
    }

    /** All of them, in an order of chance. */
    private List<InetSocketAddress> addresses() throws IOException {
        var found = new ArrayList<InetSocketAddress>();
        for (var host : hosts) {
            int colon = host.lastIndexOf(':');
            for (var address : InetAddress.getAllByName(host.substring(0, colon))) {
                found.add(new InetSocketAddress(address, Integer.parseInt(host.substring(colon + 1))));
            }
        }
        java.util.Collections.shuffle(found);
        return elsewhere ? found : found.subList(0, 1);
    }

    private Wire connect(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException refused) {
            socket.close();
            throw new Unanswered(address + ": " + refused.getMessage());
        }
        connections.incrementAndGet();
        return new Wire(socket, new BufferedInputStream(socket.getInputStream(), 1 << 16), address, new AtomicBoolean(true));
    }

    /** One request and its answer. */
    private void ask(Wire wire) throws IOException {
        int first;
        try {
            wire.socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            first = wire.in.read();
        } catch (java.net.SocketTimeoutException late) {
            throw new IOException(wire.address + ": no answer within " + ANSWER_MILLIS + " ms", late);
        } catch (IOException reset) {
            throw new Unanswered(wire.address + ": " + reset.getMessage());
        }
        if (first < 0) {
            throw new Unanswered(wire.address + ": ended before an answer");
        }
        var head = head(wire, first);
        int length = length(head);
        var body = wire.in.readNBytes(length);
        if (!head.startsWith("http/1.1 200 ") || body.length < length) {
            throw new IOException(wire.address + ": " + head.lines().findFirst().orElse("") + ", " + body.length + " of "
                    + length + " bytes");
        }
        page.compareAndSet(Optional.empty(), Optional.of(body));
        if (!Arrays.equals(body, page.get().orElseThrow())) {
            throw new IOException(wire.address + ": another page than before");
        }
        if (ok.incrementAndGet() == 1) {
            System.out.println("visitors: the first is answered");
        }
        answered.computeIfAbsent(wire.address.toString(), _ -> new AtomicLong()).incrementAndGet();
        if (head.contains("\r\nconnection: close\r\n")) {
            wire.reusable.set(false);
        }
    }

    private static String head(Wire wire, int first) throws IOException {
        var head = new ByteArrayOutputStream();
        head.write(first);
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = wire.in.read();
            if (next < 0) {
                throw new EOFException(wire.address + ": ended within the head");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1).toLowerCase(java.util.Locale.ROOT);
    }

    private static int length(String head) throws IOException {
        return head.lines()
                .filter(line -> line.startsWith("content-length:"))
                .map(line -> Integer.parseInt(line.substring("content-length:".length()).strip()))
                .findFirst()
                .orElseThrow(() -> new IOException("an answer without a length: " + head));
    }

    private void failed(Exception failure) {
        failed.incrementAndGet();
        firstFailure.compareAndSet("", " (first: " + failure.getMessage() + ")");
    }
}
