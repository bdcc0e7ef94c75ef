package drover.engine.loop;

import drover.engine.files.Content;
import drover.engine.files.FileEntry;
import drover.engine.files.Lookup;
import drover.engine.files.Representation;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ByteRange;
import drover.engine.http.Field;
import drover.engine.http.Method;
import drover.engine.http.Parsing;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.lane.Accepted;
import drover.engine.respond.Answer;
import drover.engine.respond.Delivery;
import drover.engine.respond.Delivery.Part;
import drover.engine.respond.FileDelivery;
import drover.engine.respond.ResponseHead;
import drover.engine.stats.Counter;
import drover.engine.vhost.Cors;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: reads requests, has them answered in order, keeps what the socket does not take at once. Owned
 * by its event loop; nothing here is called from another thread.
 *
 * <p>Input is looked at in the loop's buffer. What must stay for later (a part of a head, a request whose file is being
 * looked for, requests behind one whose response is on its way) is kept in the connection's own. While a response is on
 * its way nothing is read, so a client that does not take its answers cannot make us hold more of its requests.
 */
final class Connection extends Deadlines.Timed {

    /** Up to here a cached body is copied behind its head, to go out with its neighbours in one plain write. */
    private static final int COPIED_BODY = 16 * 1024;

    /** Room that a response without a longer body may need in the loop's output buffer. */
    private static final int ROOM = COPIED_BODY
            + RequestParser.MAX_REQUEST_LINE
            + 2 * ResponseHead.MAX_BYTES
            + SiteRules.MAX_FIELD_BYTES
            + Cors.MAX_BYTES;

    private static final int LINGER_BYTES = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];
    private static final int MAINTENANCE_SECONDS = 300;
    private static final byte[] HEALTHY = {'o', 'k', '\n'};
    private static final byte[] DRAINING = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g', '\n'};

    /** What became of a request. */
    private enum Step {
        /** Its response lies in the output buffer or is out: the next request may be looked at. */
        ANSWERED,
        /** Its response is on its way; requests behind it wait. */
        SENDING,
        /** It must be kept itself: its file is being looked for, or the socket is full. */
        HELD
    }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final Accepted accepted;
    /** The peer's address as the log writes it, rendered once. */
    private final byte[] client;

    private final RequestParser parser = new RequestParser();
    private final Output output;
    /** The selector's key; absent until the connection has to wait for the first time. */
    private @Nullable SelectionKey key;

    private Phase phase = Phase.HEAD;
    private boolean closed;
    /** Whether a request was answered: until then the connection reads, from then on it is idle between requests. */
    private boolean answered;

    private final Pace pace = new Pace();
    /** When the first byte of the request was seen, for the log; kept while it is put off or looked up. */
    private long startedNanos;

    private boolean started;

    private boolean closeWhenSent;
    private boolean lingerWhenSent;
    private int lingered;

    private byte[] kept = NOTHING;
    private int keptLength;
    /** How much of what is kept is the request whose file is being looked for. */
    private int requestLength;
    /** What is said of the site whose request is being answered; nothing until the site is known. */
    private SiteRules rules = SiteRules.NONE;

    /** The response on its way, to be logged when it is out: its status code, or 0 while there is none. */
    private int sendingCode;

    private long sendingHead;
    private long sendingTaken;

    Connection(EventLoop loop, SocketChannel channel, Accepted accepted) {
        this.loop = loop;
        this.channel = channel;
        this.accepted = accepted;
        this.client = accepted.peer().getAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII);
        this.output = new Output(channel);
    }

    /** Counts and times the connection, and serves at once what the client has sent already. */
    void open() {
        loop.stats().increment(phase.gauge());
        loop.deadlines().start(this, phase, loop.clock().nanos());
        onReady();
    }

    /** The selector says that the connection may go on. */
    void onReady() {
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
            if (answer(lookup, kept, 0, next) == Step.ANSWERED) {
                serve(kept, next, keptLength);
            } else {
                keep(kept, next, keptLength);
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
        if (phase != Phase.HEAD || keptLength == 0) {
            close();
            return;
        }
        try {
            parser.request().bind(kept, 0);
            refuse(Status.REQUEST_TIMEOUT);
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
            serve(loop.input(), 0, received);
        } else {
            if (kept.length < keptLength + received) {
                kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptLength + received));
            }
            loop.received().get(kept, keptLength, received);
            serve(kept, 0, keptLength + received);
        }
    }

    /** Answers every whole request that lies between the two places; one write takes all small answers. */
    private void serve(byte[] input, int start, int end) throws IOException {
        int at = start;
        while (at < end && !closeWhenSent) {
            if (loop.output().remaining() < ROOM && !flush()) {
                keep(input, at, end);
                return;
            }
            if (!started) {
                started = true;
                startedNanos = loop.clock().nanos();
            }
            switch (parser.feed(input, at, end)) {
                case Parsing.NeedMore _ -> {
                    keep(input, at, end);
                    if (flush()) {
                        awaitRequest();
                    }
                    return;
                }
                case Parsing.Malformed(Status status, String _) -> {
                    keep(input, end, end);
                    refuse(status);
                    return;
                }
                case Parsing.Complete(int next) -> {
                    var step = answer(input, at, next);
                    if (step != Step.ANSWERED) {
                        keep(input, step == Step.HELD ? at : next, end);
                        return;
                    }
                    at = next;
                }
            }
        }
        lingerWhenSent |= at < end;
        keep(input, closeWhenSent ? end : at, end);
        if (flush()) {
            afterResponses();
        }
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

    private void afterResponses() throws IOException {
        if (!closeWhenSent) {
            awaitRequest();
        } else if (lingerWhenSent) {
            linger();
        } else {
            close();
        }
    }

    /** A head's time runs from its first byte, or from the accept of the connection; it is not prolonged by more bytes. */
    private void awaitRequest() throws IOException {
        var next = keptLength > 0 || !answered ? Phase.HEAD : Phase.IDLE;
        if (next == Phase.IDLE || phase != Phase.HEAD) {
            enter(next);
        }
        waitFor(SelectionKey.OP_READ);
    }

    // ---- answers out

    private Step answer(byte[] input, int start, int next) throws IOException {
        var peer = accepted.peer().getAddress();
        return switch (loop.responder()
                .answer(parser.request(), peer, loop.clock().nanos())) {
            case Answer.File(Site site, Content content, Optional<Answer.Look> recheck) -> {
                loop.stats().increment(Counter.FILE_CACHE_HITS);
                rules = site.rules();
                if (recheck.isPresent()) {
                    loop.recheck(recheck.get());
                }
                yield send(content, input, start, next);
            }
            case Answer.Look(Site site, AcceptEncoding accepts) -> look(site, accepts, input, start, next);
            case Answer.Redirect(Status status, String location, Site site) -> {
                rules = site.rules();
                var fields = ResponseHead.redirectFields(status, location);
                yield send(status, ResponseHead.with(fields, rules.fieldsOfOthers()), page(status));
            }
            case Answer.Closed(Site site, Status status) -> refuse(site, status, input, start, next);
            case Answer.Probe(boolean asksForReadiness) -> sendProbe(asksForReadiness && loop.draining());
            case Answer.Methods() -> send(Status.NO_CONTENT, ResponseHead.methodsFields(), NOTHING);
            case Answer.Preflight(Site site) -> {
                rules = site.rules();
                var fields = rules.cors().preflightFields(origin());
                yield send(Status.NO_CONTENT, ResponseHead.with(ResponseHead.methodsFields(), fields), NOTHING);
            }
            case Answer.Refusal(Status status, boolean closes) -> {
                closeWhenSent |= closes;
                lingerWhenSent |= closes;
                yield sendPage(status);
            }
        };
    }

    private Step answer(Lookup lookup, byte[] input, int start, int next) throws IOException {
        return switch (lookup) {
            case Lookup.Found(Content content) -> send(content, input, start, next);
            case Lookup.Directory() ->
                send(
                        Status.MOVED_PERMANENTLY,
                        ResponseHead.with(ResponseHead.addSlashFields(parser.request()), rules.fieldsOfOthers()),
                        page(Status.MOVED_PERMANENTLY));
            case Lookup.Unacceptable() ->
                send(
                        Status.NOT_FOUND,
                        ResponseHead.with(ResponseHead.unacceptableFields(), rules.fieldsOfOthers()),
                        page(Status.NOT_FOUND));
            case Lookup.Refusal refusal -> {
                warn(refusal);
                yield sendPage(refusal.status());
            }
            case Lookup.ErrorPage(Lookup.Refusal refusal, Lookup.Found page) -> {
                warn(refusal);
                yield sendPage(refusal.status(), page.content(), input, start, next);
            }
        };
    }

    private void warn(Lookup.Refusal refusal) {
        if (refusal instanceof Lookup.Failed(String why)) {
            loop.warn("lookup failed why=\"" + why + "\" phase=\"" + phase.doing() + "\"");
        }
    }

    private Step look(Site site, AcceptEncoding accepts, byte[] input, int start, int next) throws IOException {
        if (!flush()) {
            return hold();
        }
        loop.stats().increment(Counter.FILE_CACHE_MISSES);
        if (!loop.look(this, site, accepts)) {
            loop.stats().increment(Counter.REQUESTS_SHED);
            rules = site.rules();
            var page =
                    loop.responder().errorPage(site, Status.SERVICE_UNAVAILABLE).flatMap(Connection::plain);
            return page.isPresent()
                    ? sendPage(Status.SERVICE_UNAVAILABLE, page.get(), input, start, next)
                    : sendPage(Status.SERVICE_UNAVAILABLE);
        }
        rules = site.rules();
        requestLength = next - start;
        enter(Phase.LOOKUP);
        return Step.HELD;
    }

    /** Says no for a site, with its own page if it has one: from memory, or from a file thread. */
    private Step refuse(Site site, Status status, byte[] input, int start, int next) throws IOException {
        rules = site.rules();
        if (!rules.errorPages().containsKey(status.code())) {
            return sendPage(status);
        }
        var page = loop.responder()
                .errorPage(site, status)
                .filter(entry -> entry.isFresh(loop.clock().nanos()))
                .flatMap(Connection::plain);
        if (page.isPresent()) {
            return sendPage(status, page.get(), input, start, next);
        }
        if (!flush()) {
            return hold();
        }
        if (!loop.lookForPage(this, site, new Lookup.Closed(status))) {
            return sendPage(status);
        }
        requestLength = next - start;
        enter(Phase.LOOKUP);
        return Step.HELD;
    }

    /** Puts a request off until the socket has taken the responses before it; it will be parsed again. */
    private Step hold() {
        parser.reset();
        return Step.HELD;
    }

    private Step sendPage(Status status) {
        var fields = ResponseHead.with(ResponseHead.refusalFields(status, retryAfterSeconds()), rules.fieldsOfOthers());
        return send(status, fields, page(status));
    }

    /** An entry's content for everyone, held. */
    private static Optional<Content> plain(FileEntry entry) {
        return entry.content(AcceptEncoding.IDENTITY_ONLY).filter(Content::hold);
    }

    /** Says no with a file of the site's own. */
    private Step sendPage(Status status, Content page, byte[] input, int start, int next) throws IOException {
        var file = page.representation();
        var fields = ResponseHead.with(
                ResponseHead.refusalFields(status, retryAfterSeconds(), file), rules.fieldsOfOthers());
        if (parser.request().method() == Method.HEAD) {
            page.release();
            return send(status, fields, NOTHING);
        }
        return switch (page) {
            case Content.InMemory memory -> send(status, fields, memory.body(), input, start, next);
            case Content.InFile opened -> {
                if (!flushOrRelease(opened)) {
                    yield hold();
                }
                output.append(opened.file(), new ByteRange(0, file.size()));
                yield sendAppended(status, fields, input, start, next);
            }
        };
    }

    private int retryAfterSeconds() {
        return rules.access().maintenance() ? MAINTENANCE_SECONDS : 1;
    }

    private Step sendProbe(boolean draining) {
        var body = draining ? DRAINING : HEALTHY;
        head(draining ? Status.SERVICE_UNAVAILABLE : Status.OK, ResponseHead.probeFields(body));
        loop.output().put(parser.request().method() == Method.HEAD ? NOTHING : body);
        return finished();
    }

    private byte[] page(Status status) {
        return ResponseHead.page(status, parser.request().method() != Method.HEAD);
    }

    private Step send(Status status, byte[] fields, byte[] body) {
        head(status, fields);
        loop.output().put(body);
        return answered(status.code(), body.length);
    }

    private Step send(Content content, byte[] input, int start, int next) throws IOException {
        return switch (content) {
            case Content.InMemory memory -> send(memory, input, start, next);
            case Content.InFile file -> send(file, input, start, next);
        };
    }

    private Step send(Content.InMemory content, byte[] input, int start, int next) throws IOException {
        var file = content.representation();
        return switch (deliver(file)) {
            case Delivery.WithoutContent answer -> send(answer, file);
            case Delivery.Whole() -> send(Status.OK, file.fields(), content.body(), input, start, next);
            case Delivery.Slice(byte[] fields, ByteRange range) ->
                send(Status.PARTIAL_CONTENT, fields, slice(content, range), input, start, next);
            case Delivery.Multipart(byte[] fields, List<Part> parts) -> {
                if (!flush()) {
                    yield hold();
                }
                output.append(content.body(), parts);
                yield sendAppended(Status.PARTIAL_CONTENT, fields, input, start, next);
            }
        };
    }

    /** The open file is let go here, or by the output when it is sent. */
    private Step send(Content.InFile opened, byte[] input, int start, int next) throws IOException {
        var file = opened.representation();
        if (!flushOrRelease(opened)) {
            return hold();
        }
        return switch (deliver(file)) {
            case Delivery.WithoutContent answer -> {
                opened.release();
                yield send(answer, file);
            }
            case Delivery.Whole() -> {
                output.append(opened.file(), new ByteRange(0, file.size()));
                yield sendAppended(Status.OK, file.fields(), input, start, next);
            }
            case Delivery.Slice(byte[] fields, ByteRange range) -> {
                output.append(opened.file(), range);
                yield sendAppended(Status.PARTIAL_CONTENT, fields, input, start, next);
            }
            case Delivery.Multipart(byte[] fields, List<Part> parts) -> {
                output.append(opened.file(), parts);
                yield sendAppended(Status.PARTIAL_CONTENT, fields, input, start, next);
            }
        };
    }

    /** What went before must be out; if it does not go, nobody will send the file. */
    private boolean flushOrRelease(Content.InFile opened) throws IOException {
        boolean flushed = false;
        try {
            flushed = flush();
        } finally {
            if (!flushed) {
                opened.release();
            }
        }
        return flushed;
    }

    private Step send(Delivery.WithoutContent answer, Representation file) {
        return switch (answer) {
            case Delivery.Fields() -> send(Status.OK, file.fields(), NOTHING);
            case Delivery.NotModified() -> send(Status.NOT_MODIFIED, file.validatorFields(), NOTHING);
            case Delivery.Refused(Status status, byte[] fields) -> send(status, fields, page(status));
        };
    }

    /** What the file says of itself must not be younger than the Date that goes with it. */
    private Delivery deliver(Representation file) {
        loop.clock().reach(file.seenSecond());
        return FileDelivery.of(parser.request(), file, loop.clock().second());
    }

    private static ByteBuffer slice(Content.InMemory content, ByteRange range) {
        return content.body().slice((int) range.first(), (int) range.length());
    }

    /** Sends content from memory: a little of it behind its head, more of it from where it lies. */
    private Step send(Status status, byte[] fields, ByteBuffer content, byte[] input, int start, int next)
            throws IOException {
        int size = content.capacity();
        if (size <= COPIED_BODY) {
            head(status, fields);
            var out = loop.output();
            out.put(out.position(), content, 0, size).position(out.position() + size);
            return answered(status.code(), size);
        }
        if (!flush()) {
            return hold();
        }
        beginSending(status, fields);
        took(output.send(loop.output().flip(), content));
        loop.output().clear();
        return goOnSending(input, start, next);
    }

    /** Sends the content that was appended to the output; nothing else is in it. */
    private Step sendAppended(Status status, byte[] fields, byte[] input, int start, int next) throws IOException {
        beginSending(status, fields);
        took(output.send(loop.output().flip()));
        loop.output().clear();
        took(output.resume());
        return goOnSending(input, start, next);
    }

    private void head(Status status, byte[] fields) {
        closeWhenSent |= !parser.request().keepAlive() || loop.draining();
        var all = rules.cors().isOff()
                ? fields
                : ResponseHead.with(fields, rules.cors().fields(origin()));
        ResponseHead.write(loop.output(), status, loop.clock().date(), all, parser.request(), !closeWhenSent);
    }

    private String origin() {
        return parser.request().has(Field.ORIGIN) ? parser.request().value(Field.ORIGIN) : "";
    }

    private Step answered(int code, long bodyBytes) {
        loop.stats().increment(Counter.requestsWith(code));
        loop.log(client, accepted.sequence(), parser.request(), code, bodyBytes, startedNanos);
        return finished();
    }

    private Step finished() {
        rules = SiteRules.NONE;
        parser.reset();
        started = false;
        answered = true;
        return Step.ANSWERED;
    }

    // ---- a response that may take longer than one turn

    private void beginSending(Status status, byte[] fields) {
        head(status, fields);
        sendingCode = status.code();
        sendingHead = loop.output().position();
        sendingTaken = 0;
    }

    private Step goOnSending(byte[] input, int start, int next) throws IOException {
        if (output.isEmpty()) {
            return finishSending();
        }
        // The log wants the request when its response is out; by then the input is somebody else's.
        parser.request().bind(Arrays.copyOfRange(input, start, next), 0);
        enter(Phase.SENDING);
        waitFor(SelectionKey.OP_WRITE);
        return Step.SENDING;
    }

    private Step finishSending() {
        int code = sendingCode;
        sendingCode = 0;
        return answered(code, Math.max(0, sendingTaken - sendingHead));
    }

    private void sendOn() throws IOException {
        long sent = output.resume();
        took(sent);
        if (!output.isEmpty()) {
            if (pace.isTooSlow(sent, loop.clock().nanos())) {
                close();
                return;
            }
            if (sent > 0) {
                enter(Phase.SENDING);
            }
            waitFor(SelectionKey.OP_WRITE);
            return;
        }
        if (sendingCode != 0) {
            finishSending();
        }
        if (closeWhenSent) {
            afterResponses();
        } else {
            serve(kept, 0, keptLength);
        }
    }

    /** Writes what lies in the loop's output buffer; false if the socket did not take all of it. */
    private boolean flush() throws IOException {
        if (loop.output().position() > 0) {
            took(output.send(loop.output().flip()));
            loop.output().clear();
        }
        if (output.isEmpty()) {
            return true;
        }
        enter(Phase.SENDING);
        waitFor(SelectionKey.OP_WRITE);
        return false;
    }

    private void took(long bytes) {
        sendingTaken += bytes;
        loop.stats().add(Counter.RESPONSE_BYTES, bytes);
    }

    // ---- the end

    private void refuse(Status status) throws IOException {
        closeWhenSent = true;
        lingerWhenSent = true;
        sendPage(status);
        if (flush()) {
            linger();
        }
    }

    /** RFC 9112 §9.6: a close with unread bytes would reset the connection, and the client might never read the answer. */
    private void linger() throws IOException {
        channel.shutdownOutput();
        enter(Phase.LINGERING);
        discard();
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

    /** Ends the connection, whatever it is doing; a response on its way is logged with the bytes that went out. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (sendingCode != 0) {
            finishSending();
        }
        loop.deadlines().stop(this);
        loop.stats().decrement(phase.gauge());
        loop.output().clear();
        loop.release(channel, key, output);
    }

    // ---- waiting

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
    }

    private void waitFor(int operations) throws IOException {
        if (key == null) {
            key = loop.register(channel, operations, this);
        } else if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }
}
