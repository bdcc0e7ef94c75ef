package drover.engine.respond;

import drover.engine.auth.Logins;
import drover.engine.files.FileCache;
import drover.engine.files.FileEntry;
import drover.engine.files.ListingForm;
import drover.engine.http.Accept;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.BasicCredentials;
import drover.engine.http.Field;
import drover.engine.http.Method;
import drover.engine.http.PathDecoder;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Answer.Admitted;
import drover.engine.respond.Answer.Closed;
import drover.engine.respond.Answer.File;
import drover.engine.respond.Answer.Login;
import drover.engine.respond.Answer.Look;
import drover.engine.respond.Answer.Methods;
import drover.engine.respond.Answer.Preflight;
import drover.engine.respond.Answer.Probe;
import drover.engine.respond.Answer.Redirect;
import drover.engine.respond.Answer.Refusal;
import drover.engine.respond.Answer.Unauthorized;
import drover.engine.vhost.PathRule;
import drover.engine.vhost.Protection;
import drover.engine.vhost.Site;
import drover.engine.vhost.SiteRules;
import drover.engine.vhost.VirtualHosts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Decides what a request gets, in the order in which HTTP asks; sends nothing. One for each event loop. */
public final class Responder {

    private static final byte[] HEALTH = ResponseHead.ascii("/healthz");
    private static final byte[] READINESS = ResponseHead.ascii("/readyz");
    private static final Answer HEALTH_PROBE = new Probe(false);
    private static final Answer READINESS_PROBE = new Probe(true);
    private static final Answer METHODS = new Methods();
    private static final Answer NOT_FOUND = new Refusal(Status.NOT_FOUND, false, Optional.empty());
    /** What the rules of a path that cannot be decoded are those of. */
    private static final byte[] ROOT = {'/'};

    private final VirtualHosts virtualHosts;
    private final FileCache cache;
    private final Logins.Desk logins;
    private final byte[] path = new byte[RequestParser.MAX_REQUEST_LINE + 1];
    private int pathLength;

    /** For sites that protect nothing. */
    public Responder(VirtualHosts virtualHosts, FileCache cache) {
        this(virtualHosts, cache, new Logins(List.of()).desk());
    }

    public Responder(VirtualHosts virtualHosts, FileCache cache, Logins.Desk logins) {
        this.virtualHosts = virtualHosts;
        this.cache = cache;
        this.logins = logins;
    }

    /** The answer to a request, as far as it is known without a look at the disk. */
    public Answer answer(Request request, InetAddress client, long nanoTime) {
        pathLength = PathDecoder.decode(request.bytes(), request.pathStart(), request.pathEnd(), path);
        if (pathLength == PathDecoder.REFUSED) {
            return refusal(Status.BAD_REQUEST, true, request);
        }
        switch (request.method()) {
            case GET, HEAD, OPTIONS -> {}
            case UNKNOWN -> {
                // A word that nobody knows may be the end of a body that somebody before us saw and we did not.
                return refusal(Status.NOT_IMPLEMENTED, true, request);
            }
            case CONNECT, TRACE -> {
                // RFC 9110 §9.3.6: what follows CONNECT may be no HTTP. TRACE is for whoever looks for weaknesses.
                return refusal(Status.METHOD_NOT_ALLOWED, true, request);
            }
            case POST, PUT, DELETE, PATCH -> {
                return refusal(Status.METHOD_NOT_ALLOWED, request.bodyAnnounced(), request);
            }
        }
        if (request.bodyAnnounced()) {
            return refusal(Status.CONTENT_TOO_LARGE, true, request);
        }
        if (request.method() == Method.OPTIONS) {
            return options(request, client);
        }
        if (isPath(request, HEALTH)) {
            return HEALTH_PROBE;
        }
        if (isPath(request, READINESS)) {
            return READINESS_PROBE;
        }
        var site = site(request);
        if (site.isEmpty()) {
            return NOT_FOUND;
        }
        var access = site.get().rules().access();
        if (access.refuses(client)) {
            return new Closed(site.get(), Status.FORBIDDEN);
        }
        if (access.maintenance()) {
            return new Closed(site.get(), Status.SERVICE_UNAVAILABLE);
        }
        var redirect = redirect(site.get(), request);
        if (redirect.isPresent()) {
            return redirect.get();
        }
        var asked = site.get().rules().protection(path, pathLength);
        if (!rewrite(site.get())) {
            return new Refusal(Status.NOT_FOUND, false, site);
        }
        var protection = site.get().rules().protection(path, pathLength);
        return protection.isPresent() || asked.isPresent()
                ? toUsers(site.get(), protection.isPresent() ? protection.get() : asked.get(), request, nanoTime)
                : file(site.get(), request, nanoTime);
    }

    /** Whom a request is for. */
    public Optional<Site> site(Request request) {
        return virtualHosts.find(request.bytes(), request.hostStart(), request.hostEnd());
    }

    private Answer refusal(Status status, boolean closes, Request request) {
        return new Refusal(status, closes, site(request));
    }

    /** What a path of the site has that is shown to users only: whether it was asked for so, or became so by a rewrite. */
    private Answer toUsers(Site site, Protection protection, Request request, long nanoTime) {
        var credentials = BasicCredentials.of(request);
        if (credentials.isEmpty()) {
            return new Unauthorized(site, protection);
        }
        return logins.known(protection, request)
                .<Answer>map(user -> new Admitted(user, file(site, request, nanoTime)))
                .orElseGet(() -> new Login(look(site, request), protection, credentials.get()));
    }

    private Answer file(Site site, Request request, long nanoTime) {
        var accepted = AcceptEncoding.of(request);
        var entry = cache.find(site, path, pathLength);
        if (entry.isPresent() && entry.get().isFresh(nanoTime)) {
            var content = entry.get().content(accepted);
            if (content.isPresent() && content.get().hold()) {
                return new File(site, content.get());
            }
        }
        return look(site, request);
    }

    private Look look(Site site, Request request) {
        boolean wantsJson =
                path[pathLength - 1] == '/' && !site.rules().listings().isEmpty() && Accept.prefersJson(request);
        return new Look(site, AcceptEncoding.of(request), wantsJson ? ListingForm.JSON : ListingForm.HTML);
    }

    private Answer options(Request request, InetAddress client) {
        if (!request.has(Field.ORIGIN) || !request.has(Field.ACCESS_CONTROL_REQUEST_METHOD)) {
            return METHODS;
        }
        return site(request)
                .filter(site -> !site.rules().cors().isOff())
                .filter(site -> !site.rules().access().refuses(client))
                .<Answer>map(Preflight::new)
                .orElse(METHODS);
    }

    private static boolean isPath(Request request, byte[] path) {
        return Arrays.equals(request.bytes(), request.pathStart(), request.pathEnd(), path, 0, path.length);
    }

    private Optional<Answer> redirect(Site site, Request request) {
        for (var rule : site.rules().redirects()) {
            var location = rule.location(path, pathLength);
            if (location.isPresent()) {
                return Optional.of(redirect(site, rule, ResponseHead.withQuery(location.get(), request)));
            }
        }
        return Optional.empty();
    }

    private static Answer redirect(Site site, PathRule rule, String location) {
        return ResponseHead.isTooLong(location)
                ? new Refusal(Status.URI_TOO_LONG, false, Optional.of(site))
                : new Redirect(Status.of(rule.status()), location, site);
    }

    /** Puts the path of the first rule that matches in the place of the request's; false if there is no room for it. */
    private boolean rewrite(Site site) {
        var target = rewritten(site.rules(), path, pathLength);
        if (target.isEmpty()) {
            return true;
        }
        pathLength = target.get().length;
        boolean fits = pathLength <= path.length;
        System.arraycopy(target.get(), 0, path, 0, fits ? pathLength : 0);
        return fits;
    }

    private static Optional<byte[]> rewritten(SiteRules rules, byte[] path, int length) {
        for (var rule : rules.rewrites()) {
            var target = rule.target(path, length);
            if (target.isPresent()) {
                return target;
            }
        }
        return Optional.empty();
    }

    /**
     * The fields that a site adds to an answer that is no file. The path is worked out again, for other requests may have
     * been answered while a file thread looked for this one's.
     */
    public static String fieldsOfOthers(SiteRules rules, Request request) {
        if (rules.hasNoFieldsOfOthers()) {
            return "";
        }
        var path = new byte[request.pathEnd() - request.pathStart() + 1];
        int length = PathDecoder.decode(request.bytes(), request.pathStart(), request.pathEnd(), path);
        if (length == PathDecoder.REFUSED) {
            return rules.fieldsOfOthers(ROOT);
        }
        return rules.fieldsOfOthers(rewritten(rules, path, length).orElseGet(() -> Arrays.copyOf(path, length)));
    }

    /** The site's page for a status, if it is in memory. */
    public Optional<FileEntry> errorPage(Site site, Status status) {
        return Optional.ofNullable(site.rules().errorPages().get(status.code()))
                .map(file -> file.getBytes(StandardCharsets.UTF_8))
                .flatMap(file -> cache.find(site, file, file.length));
    }

    /** Where to have a password checked. */
    public Logins.Desk logins() {
        return logins;
    }

    /** The decoded path of the last request that was answered with a {@link Look} or a {@link Login}. */
    public byte[] path() {
        return Arrays.copyOf(path, pathLength);
    }
}
