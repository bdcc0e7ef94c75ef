package drover.engine.respond;

import drover.engine.files.FileCache;
import drover.engine.files.FileEntry;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.Field;
import drover.engine.http.Method;
import drover.engine.http.PathDecoder;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Answer.Closed;
import drover.engine.respond.Answer.File;
import drover.engine.respond.Answer.Look;
import drover.engine.respond.Answer.Methods;
import drover.engine.respond.Answer.Preflight;
import drover.engine.respond.Answer.Probe;
import drover.engine.respond.Answer.Redirect;
import drover.engine.respond.Answer.Refusal;
import drover.engine.vhost.PathRule;
import drover.engine.vhost.Site;
import drover.engine.vhost.VirtualHosts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Decides what a request gets, in the order in which HTTP asks; sends nothing. One for each event loop. */
public final class Responder {

    private static final byte[] HEALTH = ResponseHead.ascii("/healthz");
    private static final byte[] READINESS = ResponseHead.ascii("/readyz");
    private static final Answer HEALTH_PROBE = new Probe(false);
    private static final Answer READINESS_PROBE = new Probe(true);
    private static final Answer TOO_LONG = new Refusal(Status.URI_TOO_LONG, false);
    private static final Answer METHODS = new Methods();
    private static final Answer NOT_FOUND = new Refusal(Status.NOT_FOUND, false);
    private static final Answer BAD_PATH = new Refusal(Status.BAD_REQUEST, true);

    private final VirtualHosts virtualHosts;
    private final FileCache cache;
    private final byte[] path = new byte[RequestParser.MAX_REQUEST_LINE + 1];
    private int pathLength;

    public Responder(VirtualHosts virtualHosts, FileCache cache) {
        this.virtualHosts = virtualHosts;
        this.cache = cache;
    }

    /** The answer to a request, as far as it is known without a look at the disk. */
    public Answer answer(Request request, InetAddress client, long nanoTime) {
        pathLength = PathDecoder.decode(request.bytes(), request.pathStart(), request.pathEnd(), path);
        if (pathLength == PathDecoder.REFUSED) {
            return BAD_PATH;
        }
        switch (request.method()) {
            case GET, HEAD, OPTIONS -> {}
            case UNKNOWN -> {
                // A word that nobody knows may be the end of a body that somebody before us saw and we did not.
                return new Refusal(Status.NOT_IMPLEMENTED, true);
            }
            case CONNECT, TRACE -> {
                // RFC 9110 §9.3.6: what follows CONNECT may be no HTTP. TRACE is for whoever looks for weaknesses.
                return new Refusal(Status.METHOD_NOT_ALLOWED, true);
            }
            case POST, PUT, DELETE, PATCH -> {
                return new Refusal(Status.METHOD_NOT_ALLOWED, request.bodyAnnounced());
            }
        }
        if (request.bodyAnnounced()) {
            return new Refusal(Status.CONTENT_TOO_LARGE, true);
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
        var site = virtualHosts.find(request.bytes(), request.hostStart(), request.hostEnd());
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
        if (!rewrite(site.get())) {
            return NOT_FOUND;
        }
        var accepted = AcceptEncoding.of(request);
        var entry = cache.find(site.get(), path, pathLength);
        if (entry.isPresent() && entry.get().isFresh(nanoTime)) {
            var content = entry.get().content(accepted);
            if (content.isPresent() && content.get().hold()) {
                boolean recheck = entry.get().wantsCheck(nanoTime);
                return new File(
                        site.get(),
                        content.get(),
                        recheck ? Optional.of(new Look(site.get(), accepted)) : Optional.empty());
            }
        }
        return new Look(site.get(), accepted);
    }

    private Answer options(Request request, InetAddress client) {
        if (!request.has(Field.ORIGIN) || !request.has(Field.ACCESS_CONTROL_REQUEST_METHOD)) {
            return METHODS;
        }
        return virtualHosts
                .find(request.bytes(), request.hostStart(), request.hostEnd())
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
        return location.length() > RequestParser.MAX_REQUEST_LINE
                ? TOO_LONG
                : new Redirect(Status.of(rule.status()), location, site);
    }

    /** Puts the path of the first rule that matches in the place of the request's; false if there is no room for it. */
    private boolean rewrite(Site site) {
        for (var rule : site.rules().rewrites()) {
            var target = rule.target(path, pathLength);
            if (target.isPresent()) {
                pathLength = target.get().length;
                boolean fits = pathLength <= path.length;
                System.arraycopy(target.get(), 0, path, 0, fits ? pathLength : 0);
                return fits;
            }
        }
        return true;
    }

    /** The site's page for a status, if it is in memory. */
    public Optional<FileEntry> errorPage(Site site, Status status) {
        return Optional.ofNullable(site.rules().errorPages().get(status.code()))
                .map(file -> file.getBytes(StandardCharsets.UTF_8))
                .flatMap(file -> cache.find(site, file, file.length));
    }

    /** The decoded path of the last request that was answered with a {@link Look}. */
    public byte[] path() {
        return Arrays.copyOf(path, pathLength);
    }
}
