package drover.engine.loop;

import drover.engine.accesslog.Served;
import drover.engine.http.Request;
import drover.engine.stats.Flight;
import drover.engine.stats.LoopStats;
import drover.engine.stats.Recorder;
import drover.engine.stats.VhostBlock;
import drover.engine.stats.VhostBlock.Verb;
import drover.engine.vhost.Site;

/**
 * What the loop's statistics and its flight recorder are told of one connection's requests. The connection's exchange owns
 * it.
 */
final class Metering {

    private final LoopStats stats;
    private final long connection;
    /** Who was asked for last, most often the one that is asked for next. */
    private String vhost = "";

    private VhostBlock ofVhost;
    private VhostBlock block;
    private int ticket = Recorder.NONE;

    Metering(LoopStats stats, long connection) {
        this.stats = stats;
        this.connection = connection;
        this.ofVhost = stats.others();
        this.block = ofVhost;
    }

    /** A request is about to be answered, or given up; its client is known as well as it ever will be. */
    void begin(Request request, byte[] client, long begunNanos) {
        if (stats.meters()) {
            ticket = stats.recorder()
                    .begin(
                            connection,
                            begunNanos,
                            client,
                            request.bytes(),
                            request.lineStart(),
                            request.methodEnd(),
                            request.hostStart(),
                            request.hostEnd(),
                            request.pathStart(),
                            request.pathEnd(),
                            request.queryEnd() > request.pathEnd());
        }
    }

    /** The request is for this one. */
    void site(Site site) {
        if (!vhost.equals(site.name())) {
            vhost = site.name();
            ofVhost = stats.vhost(vhost);
        }
        block = ofVhost;
    }

    /** The loop turns to others meanwhile. */
    void park(Flight.Phase phase, long nanos) {
        ticket = stats.recorder().park(ticket, phase, nanos);
    }

    /** So many bytes of the body are out. */
    void progress(long bodyBytes) {
        stats.recorder().progress(ticket, bodyBytes);
    }

    /** The answer is over. */
    void end(Request request, Served served) {
        if (stats.meters()) {
            block.count(
                    verb(request),
                    served.status(),
                    served.firstByteAfterNanos(),
                    served.durationNanos(),
                    served.bodyBytes());
            stats.recorder().end(ticket, served.status(), served.bodyBytes(), served.endedNanos());
        }
        ticket = Recorder.NONE;
        block = stats.others();
    }

    /** The request is begun again later, or is nobody's any more, or one that is not counted. */
    void cancel() {
        stats.recorder().cancel(ticket);
        ticket = Recorder.NONE;
        block = stats.others();
    }

    private static Verb verb(Request request) {
        return switch (request.method()) {
            case GET -> Verb.GET;
            case HEAD -> Verb.HEAD;
            case OPTIONS, POST, PUT, DELETE, CONNECT, TRACE, PATCH, UNKNOWN -> Verb.OTHER;
        };
    }
}
