package drover.engine.respond;

import drover.engine.files.FileCache;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.Method;
import drover.engine.http.PathDecoder;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import drover.engine.http.Status;
import drover.engine.respond.Answer.File;
import drover.engine.respond.Answer.Look;
import drover.engine.respond.Answer.Methods;
import drover.engine.respond.Answer.Refusal;
import drover.engine.vhost.VirtualHosts;
import java.util.Arrays;
import java.util.Optional;

/** Decides what a request gets, in the order in which HTTP asks; sends nothing. One for each event loop. */
public final class Responder {

    private static final Answer METHODS = new Methods();
    private static final Answer NOT_FOUND = new Refusal(Status.NOT_FOUND, false);
    private static final Answer BAD_PATH = new Refusal(Status.BAD_REQUEST, false);

    private final VirtualHosts virtualHosts;
    private final FileCache cache;
    private final byte[] path = new byte[RequestParser.MAX_REQUEST_LINE + 1];
    private int pathLength;

    public Responder(VirtualHosts virtualHosts, FileCache cache) {
        this.virtualHosts = virtualHosts;
        this.cache = cache;
    }

    /** The answer to a request, as far as it is known without a look at the disk. */
    public Answer answer(Request request, long nanoTime) {
        switch (request.method()) {
            case GET, HEAD, OPTIONS -> {}
            case UNKNOWN -> {
                return new Refusal(Status.NOT_IMPLEMENTED, request.bodyAnnounced());
            }
            case POST, PUT, DELETE, CONNECT, TRACE, PATCH -> {
                return new Refusal(Status.METHOD_NOT_ALLOWED, request.bodyAnnounced());
            }
        }
        if (request.bodyAnnounced()) {
            return new Refusal(Status.CONTENT_TOO_LARGE, true);
        }
        if (request.method() == Method.OPTIONS) {
            return METHODS;
        }
        var site = virtualHosts.find(request.bytes(), request.hostStart(), request.hostEnd());
        if (site.isEmpty()) {
            return NOT_FOUND;
        }
        pathLength = PathDecoder.decode(request.bytes(), request.pathStart(), request.pathEnd(), path);
        if (pathLength == PathDecoder.REFUSED) {
            return BAD_PATH;
        }
        var accepted = AcceptEncoding.of(request);
        var entry = cache.find(site.get(), path, pathLength);
        if (entry.isPresent() && entry.get().isFresh(nanoTime)) {
            var content = entry.get().content(accepted);
            if (content.isPresent() && content.get().hold()) {
                boolean recheck = entry.get().wantsCheck(nanoTime);
                return new File(
                        content.get(), recheck ? Optional.of(new Look(site.get(), accepted)) : Optional.empty());
            }
        }
        return new Look(site.get(), accepted);
    }

    /** The decoded path of the last request that was answered with a {@link Look}. */
    public byte[] path() {
        return Arrays.copyOf(path, pathLength);
    }
}
