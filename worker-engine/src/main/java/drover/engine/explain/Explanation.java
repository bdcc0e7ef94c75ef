package drover.engine.explain;

import drover.engine.files.Content;
import drover.engine.files.DocumentRoot;
import drover.engine.files.FileCache;
import drover.engine.files.FileEntry;
import drover.engine.files.Lookup;
import drover.engine.files.Representation;
import drover.engine.http.Field;
import drover.engine.http.HttpDate;
import drover.engine.http.Parsing;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Answer;
import drover.engine.respond.Delivery;
import drover.engine.respond.FileDelivery;
import drover.engine.respond.Responder;
import drover.engine.respond.ResponseHead;
import drover.engine.vhost.Protection;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import drover.engine.vhost.VirtualHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What one request would get now, and why. Decided by the {@link Responder}, looked up by the {@link DocumentRoot} and
 * rendered by {@link ResponseHead} like any request, but beside the road: nothing is counted, logged or kept, and the worker's
 * cache is looked at without a trace. Used once, by one thread.
 */
final class Explanation {

    private static final int MAINTENANCE_SECONDS = 300;

    private final VirtualHosts virtualHosts;
    private final FileCache cache;
    private final InetAddress client;
    private final Findings findings = new Findings();

    private final RequestParser parser = new RequestParser();
    private final Request request = parser.request();

    private SiteRules rules = SiteRules.NONE;
    private Optional<Protection> protection = Optional.empty();
    private boolean closes;

    private Explanation(VirtualHosts virtualHosts, FileCache cache, InetAddress client) {
        this.virtualHosts = virtualHosts;
        this.cache = cache;
        this.client = client;
    }

    /**
     * Explains a request.
     *
     * @param cache the worker's own
     * @param client whom the request is of
     * @param head all of its head
     * @return lines, as {@code docs/formats/worker.md} has them
     * @throws IOException if a file that was opened cannot be closed
     */
    static String of(VirtualHosts virtualHosts, FileCache cache, InetAddress client, byte[] head) throws IOException {
        return new Explanation(virtualHosts, cache, client).of(head);
    }

    private String of(byte[] head) throws IOException {
        switch (parser.feed(head, 0, head.length)) {
            case Parsing.NeedMore() -> {
                return findings.refused("it is no whole request");
            }
            case Parsing.Malformed(Status status, String why) -> {
                findings.step("It is refused before anything is looked for: " + why + ".");
                closes = true;
                page(status);
            }
            case Parsing.Complete _ -> complete();
        }
        return findings.text();
    }

    private void complete() throws IOException {
        if (request.has(Field.AUTHORIZATION)) {
            // Passwords are for the threads that check them, and for nobody to try out here.
            findings.step("What it says in Authorization is not looked at.");
        }
        site();
        // What this look brings into a cache must not be what the worker has.
        var scratch = cache.another();
        try {
            var responder = new Responder(virtualHosts, scratch);
            answer(responder.answer(request, client, System.nanoTime()), responder, new DocumentRoot(scratch));
        } finally {
            scratch.clear();
        }
    }

    private void site() {
        var reason = virtualHosts.reason(request.bytes(), request.hostStart(), request.hostEnd());
        virtualHosts
                .find(request.bytes(), request.hostStart(), request.hostEnd())
                .ifPresent(site -> findings.site(site, reason));
    }

    // ---- what the responder decides

    private void answer(Answer answer, Responder responder, DocumentRoot documentRoot) throws IOException {
        switch (answer) {
            case Answer.File(Site site, Content content) -> found(site, responder, content);
            case Answer.Look look -> look(look, responder, documentRoot);
            case Answer.Login login -> look(login.look(), responder, documentRoot);
            case Answer.Admitted(String _, Answer then) -> answer(then, responder, documentRoot);
            case Answer.Unauthorized(Site site, Protection asked) -> {
                protection = Optional.of(asked);
                findings.step("It is for users only, and the request brings no password.");
                closed(site, Status.UNAUTHORIZED, documentRoot);
            }
            case Answer.Closed(Site site, Status status) -> {
                findings.step(
                        status == Status.FORBIDDEN
                                ? "The site does not answer " + client.getHostAddress() + "."
                                : "The site is under maintenance and answers nobody.");
                closed(site, status, documentRoot);
            }
            case Answer.Redirect(Status status, String location, Site site) -> {
                at(site);
                findings.step("A redirect of the site matches: the client is sent to " + location + ".");
                redirect(status, location);
            }
            case Answer.Probe _ -> {
                findings.step("Drover itself answers this path, whatever the host.");
                head(Status.OK, ResponseHead.probeFields(ResponseHead.probePage(/* draining= */ false)));
            }
            case Answer.Methods() -> {
                findings.step("OPTIONS is answered with the methods there are.");
                head(Status.NO_CONTENT, ResponseHead.methodsFields());
            }
            case Answer.Preflight(Site site) -> {
                at(site);
                findings.step("A browser asks what pages of another origin may do.");
                head(
                        Status.NO_CONTENT,
                        ResponseHead.with(
                                ResponseHead.methodsFields(), rules.cors().preflightFields(origin())));
            }
            case Answer.Refusal(Status status, boolean closesToo, Optional<Site> site) -> {
                site.ifPresent(this::at);
                closes = closesToo;
                findings.step(
                        site.isEmpty()
                                ? "No site has this host, and there is none for all others."
                                : "It is refused before a file is looked for: " + status.reason() + ".");
                page(status);
            }
        }
    }

    private void at(Site site) {
        rules = site.rules();
        findings.rules(rules, request, client);
    }

    /** The site says no, with its own page if it has one. */
    private void closed(Site site, Status status, DocumentRoot documentRoot) throws IOException {
        at(site);
        lookup(documentRoot.withPage(site, new Lookup.Closed(status), findings::tried));
    }

    // ---- what the document root finds

    private void look(Answer.Look look, Responder responder, DocumentRoot documentRoot) throws IOException {
        var path = responder.path();
        at(look.site());
        findings.path(look.site(), path);
        findings.cache(cacheState(look, path));
        lookup(documentRoot.look(look.site(), path, look.accepted(), look.form(), findings::tried));
    }

    private String cacheState(Answer.Look look, byte[] path) {
        var entry = cache.peek(look.site(), path, path.length);
        if (entry.isEmpty()) {
            return "miss";
        }
        boolean hit = entry.get().isFresh(System.nanoTime())
                && entry.get().content(look.accepted()).isPresent();
        return (hit ? "hit " : "stale ") + held(entry.get());
    }

    private static String held(FileEntry entry) {
        return entry.memoryBytes()
                + " " + entry.openFiles()
                + " "
                + String.join(
                        ",",
                        entry.codings().stream().map(coding -> coding.token()).toList());
    }

    private void lookup(Lookup lookup) throws IOException {
        switch (lookup) {
            case Lookup.Found(Content content) -> found(content);
            case Lookup.Directory() -> {
                findings.step("The path is a directory: the client is sent to the same path with a slash.");
                var location = ResponseHead.withSlash(request);
                if (ResponseHead.isTooLong(location)) {
                    page(Status.URI_TOO_LONG);
                } else {
                    redirect(Status.MOVED_PERMANENTLY, location);
                }
            }
            case Lookup.Unacceptable() -> {
                findings.step("The file is there only in codings that the client does not accept.");
                head(Status.NOT_FOUND, withSiteFields(ResponseHead.unacceptableFields(), Status.NOT_FOUND));
            }
            case Lookup.Refusal refusal -> page(refusal.status());
            case Lookup.ErrorPage(Lookup.Refusal refusal, Lookup.Found page) -> {
                var file = page.content().representation();
                page.content().release();
                head(
                        refusal.status(),
                        withSiteFields(
                                ResponseHead.refusalFields(refusal.status(), retryAfterSeconds(), file),
                                refusal.status()));
            }
        }
    }

    private void found(Site site, Responder responder, Content content) throws IOException {
        at(site);
        findings.path(site, responder.path());
        found(content);
    }

    private void found(Content content) throws IOException {
        var file = content.representation();
        var delivery = FileDelivery.of(
                request, file, Math.max(file.seenSecond(), Instant.now().getEpochSecond()));
        content.release();
        switch (delivery) {
            case Delivery.Whole(), Delivery.Fields() -> head(Status.OK, file.fields());
            case Delivery.NotModified() -> notModified(file);
            case Delivery.Slice slice -> head(Status.PARTIAL_CONTENT, slice.fields());
            case Delivery.Multipart parts -> head(Status.PARTIAL_CONTENT, parts.fields());
            case Delivery.Refused refused -> head(refused.status(), withSiteFields(refused.fields(), refused.status()));
        }
    }

    private void notModified(Representation file) {
        findings.step("The client has it already.");
        head(Status.NOT_MODIFIED, file.notModifiedFields());
    }

    // ---- the head

    private void redirect(Status status, String location) {
        head(status, withSiteFields(ResponseHead.redirectFields(status, location), status));
    }

    private void page(Status status) {
        head(status, withSiteFields(ResponseHead.refusalFields(status, retryAfterSeconds()), status));
    }

    private byte[] withSiteFields(byte[] fields, Status status) {
        var challenge = status == Status.UNAUTHORIZED
                ? protection.map(Protection::challenge).orElse("")
                : "";
        return ResponseHead.with(fields, challenge + Responder.fieldsOfOthers(rules, request));
    }

    private int retryAfterSeconds() {
        return rules.access().maintenance() ? MAINTENANCE_SECONDS : 1;
    }

    private void head(Status status, byte[] fields) {
        var all = rules.cors().isOff()
                ? fields
                : ResponseHead.with(fields, rules.cors().fields(origin()));
        var out = ByteBuffer.allocate(all.length + 2 * ResponseHead.MAX_BYTES);
        ResponseHead.write(out, status, HttpDate.bytes(Instant.now()), all, request, request.keepAlive() && !closes);
        findings.head(status, new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1));
    }

    private String origin() {
        return request.has(Field.ORIGIN) ? request.value(Field.ORIGIN) : "";
    }
}
