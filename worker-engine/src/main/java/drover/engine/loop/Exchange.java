package drover.engine.loop;

import drover.engine.accesslog.Served;
import drover.engine.files.Content;
import drover.engine.files.FileEntry;
import drover.engine.files.Lookup;
import drover.engine.files.Representation;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ByteRange;
import drover.engine.http.Field;
import drover.engine.http.Method;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Answer;
import drover.engine.respond.Delivery;
import drover.engine.respond.Delivery.Part;
import drover.engine.respond.FileDelivery;
import drover.engine.respond.Responder;
import drover.engine.respond.ResponseHead;
import drover.engine.stats.Counter;
import drover.engine.stats.Flight;
import drover.engine.vhost.Cors;
import drover.engine.vhost.Protection;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a connection does about the request at its front: has it answered, writes the response, counts and logs it when it
 * is out. One for each connection, which owns it and does the waiting: whenever the socket or the disk is not ready, a
 * {@link Step} says so and the caller comes back. Small responses gather in the loop's output buffer until {@link #flush}.
 */
final class Exchange {

    /** Up to here a cached body is copied behind its head, to go out with its neighbours in one plain write. */
    private static final int COPIED_BODY = 16 * 1024;

    /** Room that a response without a longer body may need in the loop's output buffer. */
    static final int ROOM = COPIED_BODY
            + RequestParser.MAX_REQUEST_LINE
            + 2 * ResponseHead.MAX_BYTES
            + SiteRules.MAX_FIELD_BYTES
            + Cors.MAX_BYTES;

    private static final byte[] NOTHING = new byte[0];
    private static final int MAINTENANCE_SECONDS = 300;

    /** What became of a request. */
    enum Step {
        /** Its response lies in the output buffer or is out: the next request may be looked at. */
        ANSWERED,
        /** Its response is on its way, and goes on when the socket has room; requests behind it wait. */
        SENDING,
        /** It was put off until the socket has taken the responses before it, and must be parsed again. */
        HELD,
        /** A file thread looks for its file. */
        LOOKUP
    }

    private final EventLoop loop;
    private final Connection connection;
    private final Request request;
    private final Client client;
    /** What the log will say of the request at the front; kept while it is put off or looked up. */
    private final Served served;

    private final Output output;
    private final Metering metering;

    /** What is said of the site whose request is being answered; nothing until the site is known. */
    private SiteRules rules = SiteRules.NONE;
    /** What the client is asked to say a password for; none for nothing protected. */
    private Optional<Protection> protection = Optional.empty();

    /** The response on its way, to be logged when it is out: its status code, or 0 while there is none. */
    private int sendingCode;

    private long sendingHead;
    private long sendingTaken;

    private boolean closes;
    private boolean lingers;

    /** The request is the parser's, and is bound to its bytes whenever a method here is called. */
    Exchange(
            EventLoop loop, Connection connection, SocketChannel channel, Request request, long number, Client client) {
        this.loop = loop;
        this.connection = connection;
        this.request = request;
        this.client = client;
        this.served = new Served(number, client.remoteText());
        this.output = new Output(channel);
        this.metering = new Metering(loop.loopStats(), number);
    }

    /** The first byte of a request was seen. */
    void begin() {
        begin(loop.clock().nanos());
    }

    void begin(long nanos) {
        served.begin(nanos);
    }

    /** Whether the connection ends with the response that was answered last. */
    boolean closes() {
        return closes;
    }

    /** Whether bytes of the client lie unread that it must not see reset before it has read its answer. */
    boolean lingers() {
        return lingers;
    }

    void lingerForUnread(boolean unread) {
        lingers |= unread;
    }

    // ---- the request

    Step answer() throws IOException {
        identify();
        metering.begin(request, client.text(), served.begunNanos());
        return metered(answer(
                loop.responder().answer(request, client.address(), loop.clock().nanos())));
    }

    /** Tells the flight recorder where the request is now. */
    private Step metered(Step step) {
        switch (step) {
            case SENDING -> metering.park(Flight.Phase.SENDING, loop.clock().nanos());
            case LOOKUP -> metering.park(Flight.Phase.LOOKUP, loop.clock().nanos());
            case HELD, ANSWERED -> metering.cancel(); // it is begun again later, or was counted, or is a probe
        }
        return step;
    }

    private void at(Site site) {
        rules = site.rules();
        metering.site(site);
    }

    /** Finds out whom the request is of. */
    private void identify() {
        client.identify(request);
        served.client(client.text());
    }

    private Step answer(Answer answer) throws IOException {
        return switch (answer) {
            case Answer.File(Site site, Content content) -> {
                loop.stats().increment(Counter.FILE_CACHE_HITS);
                served.cache(Served.Cache.HIT);
                at(site);
                yield send(content);
            }
            case Answer.Look look -> look(look);
            case Answer.Login login -> logIn(login);
            case Answer.Unauthorized(Site site, Protection asked) -> {
                protection = Optional.of(asked);
                yield refuse(site, Status.UNAUTHORIZED);
            }
            case Answer.Admitted(String known, Answer then) -> {
                served.user(known.getBytes(StandardCharsets.UTF_8));
                yield answer(then);
            }
            case Answer.Redirect(Status status, String location, Site site) -> {
                at(site);
                yield sendRedirect(status, location);
            }
            case Answer.Closed(Site site, Status status) -> refuse(site, status);
            case Answer.Probe(boolean asksForReadiness) -> sendProbe(asksForReadiness && loop.draining());
            case Answer.Methods() -> send(Status.NO_CONTENT, ResponseHead.methodsFields(), NOTHING);
            case Answer.Preflight(Site site) -> {
                at(site);
                var fields = rules.cors().preflightFields(origin());
                yield send(Status.NO_CONTENT, ResponseHead.with(ResponseHead.methodsFields(), fields), NOTHING);
            }
            case Answer.Refusal(Status status, boolean closesToo, Optional<Site> site) -> {
                site.ifPresent(this::at);
                closes |= closesToo;
                lingers |= closesToo;
                yield sendPage(status);
            }
        };
    }

    /** Goes on where {@link Step#LOOKUP} was said. */
    Step answer(Lookup lookup) throws IOException {
        return metered(found(lookup));
    }

    private Step found(Lookup lookup) throws IOException {
        return switch (lookup) {
            case Lookup.Found(Content content) -> send(content);
            case Lookup.Directory() -> {
                var location = ResponseHead.withSlash(request);
                yield ResponseHead.isTooLong(location)
                        ? sendPage(Status.URI_TOO_LONG)
                        : sendRedirect(Status.MOVED_PERMANENTLY, location);
            }
            case Lookup.Unacceptable() ->
                send(
                        Status.NOT_FOUND,
                        withSiteFields(ResponseHead.unacceptableFields(), Status.NOT_FOUND),
                        page(Status.NOT_FOUND));
            case Lookup.Refusal refusal -> {
                warn(refusal);
                yield sendPage(refusal.status());
            }
            case Lookup.ErrorPage(Lookup.Refusal refusal, Lookup.Found page) -> {
                warn(refusal);
                yield sendPage(refusal.status(), page.content());
            }
        };
    }

    /** Says no to what is no request, and ends the connection. */
    void refuse(Status status) {
        closes = true;
        lingers = true;
        client.forget();
        served.client(client.text());
        metering.begin(request, client.text(), served.begunNanos());
        sendPage(status);
    }

    private void warn(Lookup.Refusal refusal) {
        if (refusal instanceof Lookup.Failed(String why)) {
            loop.warn("lookup failed why=\"" + why + "\" phase=\"" + Phase.LOOKUP.doing() + "\"");
        }
    }

    private Step look(Answer.Look look) throws IOException {
        if (!flush()) {
            return Step.HELD;
        }
        loop.stats().increment(Counter.FILE_CACHE_MISSES);
        served.cache(Served.Cache.MISS);
        at(look.site());
        return loop.look(connection, look) ? Step.LOOKUP : shed(look.site());
    }

    private Step logIn(Answer.Login login) throws IOException {
        if (!flush()) {
            return Step.HELD;
        }
        at(login.look().site());
        protection = Optional.of(login.protection());
        served.user(login.credentials().user().getBytes(StandardCharsets.UTF_8));
        return loop.logIn(connection, request, login)
                ? Step.LOOKUP
                : shed(login.look().site());
    }

    private Step shed(Site site) throws IOException {
        loop.stats().increment(Counter.REQUESTS_SHED);
        var page = loop.responder().errorPage(site, Status.SERVICE_UNAVAILABLE).flatMap(Exchange::plain);
        return page.isPresent()
                ? sendPage(Status.SERVICE_UNAVAILABLE, page.get())
                : sendPage(Status.SERVICE_UNAVAILABLE);
    }

    /** Says no for a site, with its own page if it has one: from memory, or from a file thread. */
    private Step refuse(Site site, Status status) throws IOException {
        at(site);
        if (!rules.errorPages().containsKey(status.code())) {
            return sendPage(status);
        }
        var page = loop.responder()
                .errorPage(site, status)
                .filter(entry -> entry.isFresh(loop.clock().nanos()))
                .flatMap(Exchange::plain);
        if (page.isPresent()) {
            return sendPage(status, page.get());
        }
        if (!flush()) {
            return Step.HELD;
        }
        return loop.lookForPage(connection, site, new Lookup.Closed(status)) ? Step.LOOKUP : sendPage(status);
    }

    /** An entry's content for everyone, held. */
    private static Optional<Content> plain(FileEntry entry) {
        return entry.content(AcceptEncoding.IDENTITY_ONLY).filter(Content::hold);
    }

    // ---- responses without a file

    private Step sendRedirect(Status status, String location) {
        return send(status, withSiteFields(ResponseHead.redirectFields(status, location), status), page(status));
    }

    private Step sendPage(Status status) {
        var fields = withSiteFields(ResponseHead.refusalFields(status, retryAfterSeconds()), status);
        return send(status, fields, page(status));
    }

    /** What the site says with every answer, and the question for a password where there is one. */
    private byte[] withSiteFields(byte[] fields, Status status) {
        var challenge = status == Status.UNAUTHORIZED
                ? protection.map(Protection::challenge).orElse("")
                : "";
        return ResponseHead.with(fields, challenge + Responder.fieldsOfOthers(rules, request));
    }

    private int retryAfterSeconds() {
        return rules.access().maintenance() ? MAINTENANCE_SECONDS : 1;
    }

    private Step sendProbe(boolean draining) {
        var body = ResponseHead.probePage(draining);
        head(draining ? Status.SERVICE_UNAVAILABLE : Status.OK, ResponseHead.probeFields(body));
        loop.output().put(request.method() == Method.HEAD ? NOTHING : body);
        return finished();
    }

    private byte[] page(Status status) {
        return ResponseHead.page(status, request.method() != Method.HEAD);
    }

    private Step send(Status status, byte[] fields, byte[] body) {
        head(status, fields);
        loop.output().put(body);
        return answered(status.code(), body.length, loop.nanos());
    }

    // ---- responses with a file

    /** Says no with a file of the site's own. */
    private Step sendPage(Status status, Content page) throws IOException {
        var file = page.representation();
        var fields = withSiteFields(ResponseHead.refusalFields(status, retryAfterSeconds(), file), status);
        if (request.method() == Method.HEAD) {
            page.release();
            return send(status, fields, NOTHING);
        }
        return switch (page) {
            case Content.InMemory memory -> send(status, fields, memory, memory.body());
            case Content.InFile opened -> {
                if (!flushOrRelease(opened)) {
                    yield Step.HELD;
                }
                output.append(opened.file(), new ByteRange(0, file.size()));
                yield sendAppended(status, fields);
            }
        };
    }

    private Step send(Content content) throws IOException {
        return switch (content) {
            case Content.InMemory memory -> send(memory);
            case Content.InFile file -> send(file);
        };
    }

    /** The content is let go here, or by the output when it is sent. */
    private Step send(Content.InMemory content) throws IOException {
        var file = content.representation();
        return switch (deliver(file)) {
            case Delivery.WithoutContent answer -> {
                content.release();
                yield send(answer, file);
            }
            case Delivery.Whole() -> send(Status.OK, file.fields(), content, content.body());
            case Delivery.Slice(byte[] fields, ByteRange range) ->
                send(Status.PARTIAL_CONTENT, fields, content, slice(content, range));
            case Delivery.Multipart(byte[] fields, List<Part> parts) -> {
                if (!flushOrRelease(content)) {
                    yield Step.HELD;
                }
                output.append(content.source(), parts);
                yield sendAppended(Status.PARTIAL_CONTENT, fields);
            }
        };
    }

    /** The open file is let go here, or by the output when it is sent. */
    private Step send(Content.InFile opened) throws IOException {
        var file = opened.representation();
        if (!flushOrRelease(opened)) {
            return Step.HELD;
        }
        return switch (deliver(file)) {
            case Delivery.WithoutContent answer -> {
                opened.release();
                yield send(answer, file);
            }
            case Delivery.Whole() -> {
                output.append(opened.file(), new ByteRange(0, file.size()));
                yield sendAppended(Status.OK, file.fields());
            }
            case Delivery.Slice(byte[] fields, ByteRange range) -> {
                output.append(opened.file(), range);
                yield sendAppended(Status.PARTIAL_CONTENT, fields);
            }
            case Delivery.Multipart(byte[] fields, List<Part> parts) -> {
                output.append(opened.file(), parts);
                yield sendAppended(Status.PARTIAL_CONTENT, fields);
            }
        };
    }

    /** What went before must be out; if it does not go, nobody will send the content. */
    private boolean flushOrRelease(Content content) throws IOException {
        boolean flushed = false;
        try {
            flushed = flush();
        } finally {
            if (!flushed) {
                content.release();
            }
        }
        return flushed;
    }

    private Step send(Delivery.WithoutContent answer, Representation file) {
        return switch (answer) {
            case Delivery.Fields() -> send(Status.OK, file.fields(), NOTHING);
            case Delivery.NotModified() -> send(Status.NOT_MODIFIED, file.notModifiedFields(), NOTHING);
            case Delivery.Refused(Status status, byte[] fields) ->
                send(status, withSiteFields(fields, status), page(status));
        };
    }

    /** What the file says of itself must not be younger than the Date that goes with it. */
    private Delivery deliver(Representation file) {
        loop.clock().reach(file.seenSecond());
        var delivery = FileDelivery.of(request, file, loop.clock().second());
        switch (delivery) {
            case Delivery.NotModified _, Delivery.Refused _ -> {}
            case Delivery.Fields _, Delivery.Whole _, Delivery.Slice _, Delivery.Multipart _ ->
                served.coding(file.coding());
        }
        return delivery;
    }

    private static ByteBuffer slice(Content.InMemory content, ByteRange range) {
        return Output.stretch(content.body(), range);
    }

    /** Sends content from memory: a little of it behind its head, more of it from where it lies. */
    private Step send(Status status, byte[] fields, Content.InMemory held, ByteBuffer content) throws IOException {
        int size = content.remaining();
        if (size <= COPIED_BODY) {
            head(status, fields);
            var out = loop.output();
            out.put(out.position(), content, content.position(), size).position(out.position() + size);
            held.release();
            return answered(status.code(), size, loop.nanos());
        }
        if (!flushOrRelease(held)) {
            return Step.HELD;
        }
        beginSending(status, fields);
        took(output.send(loop.output().flip(), held.source(), content));
        loop.output().clear();
        return goOnSending();
    }

    /** Sends the content that was appended to the output; nothing else is in it. */
    private Step sendAppended(Status status, byte[] fields) throws IOException {
        beginSending(status, fields);
        took(output.send(loop.output().flip()));
        loop.output().clear();
        took(output.resume());
        return goOnSending();
    }

    private void head(Status status, byte[] fields) {
        closes |= !request.keepAlive() || loop.finishesAlone();
        var all = rules.cors().isOff()
                ? fields
                : ResponseHead.with(fields, rules.cors().fields(origin()));
        ResponseHead.write(loop.output(), status, loop.clock().date(), all, request, !closes);
    }

    private String origin() {
        return request.has(Field.ORIGIN) ? request.value(Field.ORIGIN) : "";
    }

    private Step answered(int code, long bodyBytes, long nanos) {
        loop.stats().increment(Counter.requestsWith(code));
        served.end(code, bodyBytes, nanos);
        metering.end(request, served);
        loop.log(request, served);
        return finished();
    }

    private Step finished() {
        rules = SiteRules.NONE;
        served.clear();
        protection = Optional.empty();
        return Step.ANSWERED;
    }

    // ---- a response that may take longer than one turn

    private void beginSending(Status status, byte[] fields) {
        head(status, fields);
        sendingCode = status.code();
        sendingHead = loop.output().position();
        sendingTaken = 0;
    }

    private Step goOnSending() {
        long nanos = loop.nanos();
        served.firstByte(nanos);
        return output.isEmpty() ? finishSending(nanos) : Step.SENDING;
    }

    private Step finishSending(long nanos) {
        int code = sendingCode;
        sendingCode = 0;
        return answered(code, Math.max(0, sendingTaken - sendingHead), nanos);
    }

    /** Sends on, a bounded part of what is left; returns the bytes that the socket took. */
    long resume() throws IOException {
        long sent = output.resume();
        took(sent);
        if (output.isEmpty() && sendingCode != 0) {
            finishSending(loop.nanos());
        }
        return sent;
    }

    /** Whether a response is on its way, to be logged when it is out. */
    boolean isSending() {
        return sendingCode != 0;
    }

    /** Whether the response goes on only when more of its file was read. */
    boolean waitsForDisk() {
        return output.waitsForDisk();
    }

    /** What must be read then, held for the reader. */
    Output.Stretch readAhead() {
        return output.readAhead();
    }

    /** Whether all that was answered is out. */
    boolean isSent() {
        return output.isEmpty();
    }

    /** Writes what lies in the loop's output buffer; false if the socket did not take all of it. */
    boolean flush() throws IOException {
        if (loop.output().position() > 0) {
            took(output.send(loop.output().flip()));
            loop.output().clear();
        }
        return output.isEmpty();
    }

    private void took(long bytes) {
        sendingTaken += bytes;
        metering.progress(Math.max(0, sendingTaken - sendingHead));
        loop.stats().add(Counter.RESPONSE_BYTES, bytes);
    }

    // ---- to another worker, and from one

    /** What another worker must know to go on sending; nothing if there is no memory to say it. */
    Optional<Transfer> transfer() {
        byte[] head = sendingCode == 0 ? NOTHING : request.bytes();
        long bodyBytes = sendingCode == 0 ? 0 : sendingTaken - sendingHead;
        return output.rest()
                .map(rest -> new Transfer(sendingCode, closes, lingers, bodyBytes, served.begun(), head, rest));
    }

    /** Goes on sending what another worker began, and has the file; the request, if it is to be logged, is parsed next. */
    void goOn(Transfer transfer) {
        closes = transfer.closes();
        lingers = transfer.lingers();
        served.goOn(transfer.begun(), System.nanoTime());
        sendingCode = transfer.status();
        sendingHead = 0;
        sendingTaken = transfer.bodyBytes();
        output.goOn(transfer.rest());
    }

    /** The request of the response that was gone on with is known. */
    void goOnFor() {
        identify();
        metering.begin(request, client.text(), served.begunNanos());
        loop.responder().site(request).ifPresent(metering::site);
        metering.park(Flight.Phase.SENDING, loop.clock().nanos());
        metering.progress(Math.max(0, sendingTaken));
    }

    /** Another worker has what was not sent, and logs it. */
    void gone() throws IOException {
        metering.cancel();
        sendingCode = 0;
        output.drop();
    }

    /** The connection has ended: a response on its way is logged with the bytes that went out. */
    void end() throws IOException {
        if (sendingCode != 0) {
            finishSending(loop.nanos());
        }
        metering.cancel();
        output.drop();
    }
}
