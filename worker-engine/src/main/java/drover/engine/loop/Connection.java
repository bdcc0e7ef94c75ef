package drover.engine.loop;

import drover.engine.files.Content;
import drover.engine.files.Lookup;
import drover.engine.http.Parsing;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.lane.Accepted;
import drover.engine.lane.Handover;
import drover.engine.lane.Stage;
import drover.engine.loop.Exchange.Step;
import drover.engine.peer.ProxyHeader;
import drover.engine.stats.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: reads requests, has its {@link Exchange} answer them in order, waits for the client, the socket
 * or the disk. Owned by its event loop; nothing here is called from another thread.
 *
 * <p>Input is looked at in the loop's buffer. What must stay for later (a part of a head, a request whose file is being
 * looked for, requests behind one whose response is on its way) is kept in the connection's own. While a response is on
 * its way nothing is read, so a client that does not take its answers cannot make us hold more of its requests.
 */
final class Connection extends Deadlines.Timed {

    private static final int LINGER_BYTES = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final EventLoop loop;
    private final SocketChannel channel;
    /** The channel's own, to be copied to another worker. */
    private final int fd;

    private final Accepted accepted;
    private final Client client;
    private final RequestParser parser = new RequestParser();
    private final Exchange exchange;
    private final Pace pace = new Pace();
    /** The selector's key; absent until the connection has to wait for the first time. */
    private @Nullable SelectionKey key;

    private Phase phase = Phase.HEAD;
    private boolean closed;
    /** Whether a request was answered: until then the connection reads, from then on it is idle between requests. */
    private boolean answered;

    private int lingered;
    /** Until when the end of a response that had to wait for its client may lie in buffers on the way to it. */
    private long underWayUntil;
    /** When the phase began that the connection was in when it departed. */
    private long departedSince;

    private byte[] kept = NOTHING;
    private int keptLength;
    /** How much of what is kept is the request whose file is being looked for. */
    private int requestLength;

    Connection(EventLoop loop, SocketChannel channel, int fd, Accepted accepted, Client client) {
        this.loop = loop;
        this.channel = channel;
        this.fd = fd;
        this.accepted = accepted;
        this.client = client;
        this.exchange = new Exchange(loop, this, channel, parser.request(), accepted.sequence(), client);
        this.underWayUntil = loop.clock().nanos();
    }

    /** Counts and times the connection, and serves at once what the client has sent already. */
    void open() {
        loop.stats().increment(phase.gauge());
        loop.deadlines().start(this, phase, loop.clock().nanos());
        onReady();
    }

    /** The selector says that the connection may go on; it also says so of one that was closed earlier in the same turn. */
    void onReady() {
        if (closed) {
            return;
        }
        try {
            switch (phase) {
                case HEAD, IDLE -> read();
                case SENDING -> sendOn();
                case LINGERING -> discard();
                case LOOKUP -> waitFor(0); // the client goes on sending: not now
            }
        } catch (IOException broken) {
            close();
        }
    }

    /** A file thread is back. */
    void onLookup(Lookup lookup) {
        try {
            if (closed) {
                drop(lookup);
                return;
            }
            parser.request().bind(kept, 0);
            int next = requestLength;
            if (goOn(exchange.answer(lookup), kept, 0, next, keptLength)) {
                serve(kept, next, keptLength);
            }
        } catch (IOException broken) {
            close();
        }
    }

    /** More of the response's file was read. */
    void onReadAhead() {
        try {
            if (!closed) {
                enter(Phase.SENDING);
                sendOn();
            }
        } catch (IOException broken) {
            close();
        }
    }

    private static void drop(Lookup lookup) throws IOException {
        if (lookup instanceof Lookup.Found(Content content)) {
            content.release();
        } else if (lookup instanceof Lookup.ErrorPage error) {
            error.page().content().release();
        }
    }

    /** The time for the phase is over. */
    void onLate() {
        try {
            if (phase == Phase.HEAD && keptLength > 0) {
                parser.request().bind(kept, 0);
                refuse(Status.REQUEST_TIMEOUT);
            } else if (phase == Phase.IDLE && isResponseUnderWay()) {
                linger();
            } else if (phase == Phase.LINGERING && isResponseUnderWay()) {
                enter(Phase.LINGERING);
            } else {
                close();
            }
        } catch (IOException broken) {
            close();
        }
    }

    // ---- requests in

    private void read() throws IOException {
        int received = loop.receive(channel);
        if (received < 0) {
            close();
        } else if (keptLength == 0) {
            loop.received().get(loop.input(), 0, received);
            take(loop.input(), received);
        } else {
            if (kept.length < keptLength + received) {
                kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptLength + received));
            }
            loop.received().get(kept, keptLength, received);
            take(kept, keptLength + received);
        }
    }

    private void take(byte[] input, int end) throws IOException {
        if (client.awaitsHeader()) {
            takeProxyHeader(input, end);
        } else {
            serve(input, 0, end);
        }
    }

    /** Nothing is served before the proxy has said for whom: proxy-protocol.txt forbids to guess. */
    private void takeProxyHeader(byte[] input, int end) throws IOException {
        switch (ProxyHeader.parse(input, 0, end)) {
            case ProxyHeader.Parsing.NeedMore _ -> {
                keep(input, 0, end);
                awaitRequest();
            }
            case ProxyHeader.Parsing.Malformed(String why) -> {
                loop.warnOfProxy(client.remoteText(), why);
                keep(input, end, end);
                refuse(Status.BAD_REQUEST);
            }
            case ProxyHeader.Parsing.Complete(int next, Optional<InetAddress> source) -> {
                client.proxied(source);
                if (client.enter()) {
                    serve(input, next, end);
                } else {
                    loop.stats().increment(Counter.CONNECTIONS_REJECTED_IP_LIMIT);
                    close();
                }
            }
        }
    }

    /** Answers every whole request that lies between the two places; one write takes all small answers. */
    private void serve(byte[] input, int start, int end) throws IOException {
        int at = start;
        while (at < end && !exchange.closes()) {
            if (loop.output().remaining() < Exchange.ROOM && !exchange.flush()) {
                keep(input, at, end);
                awaitRoom();
                return;
            }
            exchange.begin();
            switch (parser.feed(input, at, end)) {
                case Parsing.NeedMore _ -> {
                    keep(input, at, end);
                    if (exchange.flush()) {
                        awaitRequest();
                    } else {
                        awaitRoom();
                    }
                    return;
                }
                case Parsing.Malformed(Status status, String _) -> {
                    keep(input, end, end);
                    refuse(status);
                    return;
                }
                case Parsing.Complete(int next) -> {
                    if (!goOn(exchange.answer(), input, at, next, end)) {
                        return;
                    }
                    at = next;
                }
            }
        }
        exchange.lingerForUnread(at < end);
        keep(input, exchange.closes() ? end : at, end);
        if (exchange.flush()) {
            afterResponses();
        } else {
            awaitRoom();
        }
    }

    /** Whether the next request may be looked at; if not, what lies from {@code at} on is kept as long as it is needed. */
    private boolean goOn(Step step, byte[] input, int at, int next, int end) throws IOException {
        switch (step) {
            case ANSWERED -> {
                answered = true;
                parser.reset();
                return true;
            }
            case SENDING -> {
                // The log wants the request when its response is out; by then the input is somebody else's.
                parser.request().bind(Arrays.copyOfRange(input, at, next), 0);
                keep(input, next, end);
                awaitRoom();
            }
            case HELD -> {
                parser.reset();
                keep(input, at, end);
                awaitRoom();
            }
            case LOOKUP -> {
                keep(input, at, end);
                requestLength = next - at;
                enter(Phase.LOOKUP);
            }
        }
        return false;
    }

    private void keep(byte[] input, int from, int to) {
        keptLength = to - from;
        if (keptLength == 0) {
            kept = NOTHING;
        } else if (kept.length > 0) {
            System.arraycopy(input, from, kept, 0, keptLength);
        } else {
            kept = Arrays.copyOfRange(input, from, to);
        }
    }

    // ---- responses out

    private void sendOn() throws IOException {
        boolean sending = exchange.isSending();
        long sent = exchange.resume();
        if (!exchange.isSent()) {
            if (pace.isTooSlow(sent, loop.clock().nanos())) {
                close();
            } else if (sent > 0 || exchange.waitsForDisk()) {
                awaitRoom();
            }
            return;
        }
        if (sending) {
            answered = true;
            parser.reset();
        }
        underWayUntil = loop.clock().nanos() + loop.drainNanos();
        if (exchange.closes()) {
            afterResponses();
        } else {
            serve(kept, 0, keptLength);
        }
    }

    private void afterResponses() throws IOException {
        if (!exchange.closes()) {
            awaitRequest();
        } else if (exchange.lingers() || loop.finishesAlone()) {
            linger();
        } else {
            close();
        }
    }

    private void refuse(Status status) throws IOException {
        exchange.begin(); // unless it has, with the request that is refused
        exchange.refuse(status);
        if (exchange.flush()) {
            linger();
        } else {
            awaitRoom();
        }
    }

    // ---- the end

    /**
     * Says that no more comes, and waits for the client to say the same. RFC 9112 §9.6: a close with unread bytes would reset
     * the connection, and the client might never read the answer. Nor might it when Drover ends: what the kernel has taken is
     * lost with a container's network, and with the proxy before it.
     */
    private void linger() throws IOException {
        channel.shutdownOutput();
        enter(Phase.LINGERING);
        discard();
    }

    /** Whether Drover is to end although the client may not have all of a response yet; nobody else would keep it open. */
    private boolean isResponseUnderWay() {
        return loop.finishesAlone() && loop.clock().nanos() - underWayUntil < 0;
    }

    private void discard() throws IOException {
        int received = loop.receive(channel);
        lingered += Math.max(received, 0);
        if (received < 0 || lingered > LINGER_BYTES) {
            close();
        } else {
            waitFor(SelectionKey.OP_READ);
        }
    }

    /** Ends the connection, whatever it is doing. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.deadlines().stop(this);
        loop.stats().decrement(phase.gauge());
        loop.output().clear();
        client.leave();
        loop.forget(this);
        loop.release(channel, key, exchange);
    }

    // ---- to another worker, and from one

    /** Stands still from here on: neither timed, nor counted, nor selected. It stays, or is gone, by what the master says. */
    void depart() {
        departedSince = sinceNanos();
        loop.deadlines().stop(this);
        loop.stats().decrement(phase.gauge());
        if (key != null) {
            key.cancel();
            key = null;
        }
    }

    boolean isIdle() {
        return phase == Phase.IDLE && !closed;
    }

    Stage stage() {
        return switch (phase) {
            case IDLE -> Stage.IDLE;
            case SENDING -> Stage.RESPONSE;
            case HEAD, LOOKUP, LINGERING -> Stage.HEAD;
        };
    }

    /** All that another worker must know; nothing if it cannot be said. */
    Optional<Handover> handover() {
        if (phase != Phase.SENDING) {
            return handover(Optional.empty());
        }
        var transfer = exchange.transfer();
        return transfer.isEmpty() ? Optional.empty() : handover(transfer);
    }

    private Optional<Handover> handover(Optional<Transfer> transfer) {
        var luggage = new Luggage(answered, Arrays.copyOf(kept, keptLength), client.proxiedSource(), transfer);
        boolean isSaid = luggage.isEmpty() && (phase == Phase.IDLE || !answered);
        var descriptors = isSaid ? Optional.of(new int[] {fd}) : luggage.pack(fd);
        return descriptors.map(all -> new Handover(accepted, stage(), departedSince, all));
    }

    /** Another worker has it. */
    void gone() {
        closed = true;
        client.leave();
        try {
            exchange.gone();
            channel.close(); // the selector has let go of it, so this says nothing to the client
        } catch (IOException failure) {
            loop.warn("connection not closed why=\"" + failure.getMessage() + "\"");
        }
    }

    /** Nobody took it. */
    void stay() {
        loop.stats().increment(phase.gauge());
        loop.deadlines().start(this, phase, departedSince);
        try {
            waitAgain();
        } catch (IOException broken) {
            close();
        }
    }

    /** Goes on where another worker stopped; its time for a head or for progress is what that one left of it. */
    void goOn(Handover handover) {
        long now = loop.clock().nanos();
        phase = switch (handover.stage()) {
            case NEW, HEAD -> Phase.HEAD;
            case IDLE -> Phase.IDLE;
            case RESPONSE -> Phase.SENDING;
        };
        loop.stats().increment(phase.gauge());
        loop.deadlines().start(this, phase, phase == Phase.IDLE ? now : Math.min(now, handover.sinceNanos()));
        pace.start(now);
        try {
            unpack(Luggage.unpack(handover));
        } catch (IOException broken) {
            loop.error("hand-over broken connection=" + accepted.sequence() + " why=\"" + broken + "\" phase=\""
                    + phase.doing() + "\"");
            close();
            return;
        }
        try {
            if (phase == Phase.SENDING || keptLength == 0) {
                waitAgain();
            } else {
                if (!client.awaitsHeader()) {
                    exchange.begin(Math.min(now, handover.sinceNanos()));
                }
                take(kept, keptLength);
            }
        } catch (IOException broken) {
            close();
        }
    }

    private void unpack(Luggage luggage) throws IOException {
        answered = luggage.answered();
        kept = luggage.input();
        keptLength = kept.length;
        if (luggage.source().length > 0) {
            client.proxied(Optional.of(InetAddress.getByAddress(luggage.source())));
        }
        enterClient();
        if (luggage.transfer().isPresent()) {
            unpack(luggage.transfer().get());
        }
    }

    /** The log wants the request of the response; what the other worker's parser found in it is found once more. */
    private void unpack(Transfer transfer) throws IOException {
        exchange.goOn(transfer); // from here on the file is let go with the connection
        if (transfer.isLogged()) {
            return;
        }
        byte[] head = transfer.head();
        if (!(parser.feed(head, 0, head.length) instanceof Parsing.Complete(int end)) || end != head.length) {
            throw new IOException(head.length + " bytes that are no request");
        }
        exchange.goOnFor();
    }

    /** It is one more of its address here; one that is open already is not refused for being one too many. */
    private void enterClient() {
        if (!client.awaitsHeader()) {
            boolean _ = client.enter();
        }
    }

    // ---- waiting

    /** A head's time runs from its first byte, or from the accept of the connection; it is not prolonged by more bytes. */
    private void awaitRequest() throws IOException {
        var next = keptLength > 0 || !answered ? Phase.HEAD : Phase.IDLE;
        if (next == Phase.IDLE || phase != Phase.HEAD) {
            enter(next);
        }
        waitFor(SelectionKey.OP_READ);
    }

    private void awaitRoom() throws IOException {
        if (exchange.waitsForDisk()) {
            enter(Phase.LOOKUP);
            waitFor(0);
            loop.readAhead(this, exchange.readAhead());
        } else {
            enter(Phase.SENDING);
            waitFor(SelectionKey.OP_WRITE);
        }
    }

    private void enter(Phase next) {
        if (next == Phase.SENDING && phase != Phase.SENDING) {
            pace.start(loop.clock().nanos());
        }
        if (next.gauge() != phase.gauge()) {
            loop.stats().decrement(phase.gauge());
            loop.stats().increment(next.gauge());
        }
        phase = next;
        loop.deadlines().start(this, next, loop.clock().nanos());
        if (next == Phase.IDLE) {
            loop.idle(this);
        }
    }

    /** For what the phase waits for. */
    private void waitAgain() throws IOException {
        waitFor(phase == Phase.SENDING ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void waitFor(int operations) throws IOException {
        if (key == null) {
            key = loop.register(channel, operations, this);
        } else if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }
}
