package drover.admin.live;

import drover.admin.stats.Sample;
import drover.admin.stats.Sampler;
import drover.admin.supervision.Farm;
import drover.admin.web.Views.Snapshot;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.web.session.HttpSessionDestroyedEvent;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends every sample of the farm to every browser that looks on, as server-sent events. A sample is made into text once,
 * whatever the number of browsers; each has its own short queue and thread, so that none waits for another.
 */
@RestController
final class LiveStream implements SmartLifecycle {

    private static final int MOST_VIEWERS = 50;
    private static final long NEVER = 0;

    private final Farm farm;
    private final Sampler sampler;
    private final JsonMapper json;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    LiveStream(Farm farm, Sampler sampler, JsonMapper json) {
        this.farm = farm;
        this.sampler = sampler;
        this.json = json;
        sampler.onSample(this::send);
    }

    /** The first snapshot comes at once, then one with every sample. It ends with the session. */
    @GetMapping(path = "/api/v1/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter open(HttpServletRequest request) {
        if (!running || viewers.size() >= MOST_VIEWERS) {
            throw new ErrorResponseException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    ProblemDetail.forStatusAndDetail(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "%d dashboards look on already; close one of them.".formatted(MOST_VIEWERS)),
                    /* cause= */ null);
        }
        var emitter = new SseEmitter(NEVER);
        // Who comes with a token or by the socket has no session, and gets none by looking.
        var session = Optional.ofNullable(request.getSession(false)).map(HttpSession::getId);
        var viewer = new Viewer(session.orElse(""), emitter);
        viewers.add(viewer);
        viewer.offer(text(sampler.latest()));
        viewer.begin(() -> viewers.remove(viewer));
        return emitter;
    }

    private void send(Sample sample) {
        if (viewers.isEmpty()) {
            return;
        }
        var text = text(sample);
        viewers.forEach(viewer -> viewer.offer(text));
    }

    private String text(Sample sample) {
        return json.writeValueAsString(Snapshot.of(sample, farm.operations()));
    }

    @EventListener
    void ended(HttpSessionDestroyedEvent event) {
        viewers.stream().filter(viewer -> viewer.belongsTo(event.getId())).forEach(Viewer::end);
    }

    @Override
    public void start() {
        running = true;
    }

    /** Open streams would hold up the web server's graceful end. */
    @Override
    public void stop() {
        running = false;
        viewers.forEach(Viewer::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the web server, which stops at the highest phases. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
