package drover.admin.live;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One browser that looks on. Its queue holds half a minute; who lags further is cut off and comes back for a fresh start,
 * which is the better picture anyway.
 */
final class Viewer {

    private static final Logger LOG = LoggerFactory.getLogger(Viewer.class);
    private static final int MOST_WAITING = 30;
    private static final String END = "";

    private final String session;
    private final SseEmitter emitter;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING + 1);
    private final Thread thread;

    Viewer(String session, SseEmitter emitter) {
        this.session = session;
        this.emitter = emitter;
        this.thread = Thread.ofVirtual().name("viewer").unstarted(this::run);
    }

    /** @param onGone runs once, when nothing will be sent any more */
    void begin(Runnable onGone) {
        emitter.onCompletion(() -> {
            onGone.run();
            thread.interrupt();
        });
        thread.start();
    }

    boolean belongsTo(String id) {
        return session.equals(id);
    }

    /** Never waits. */
    void offer(String snapshot) {
        if (!waiting.offer(snapshot)) {
            LOG.info("viewer cut off why=\"it does not keep up\"");
            end();
        }
    }

    void end() {
        waiting.clear();
        boolean taken = waiting.offer(END);
        LOG.debug("viewer told to end taken={}", taken);
    }

    private void run() {
        try {
            for (var snapshot = waiting.take(); !snapshot.equals(END); snapshot = waiting.take()) {
                emitter.send(SseEmitter.event().name("snapshot").data(snapshot, MediaType.APPLICATION_JSON));
            }
            emitter.complete();
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("viewer gone why=\"{}\"", gone.getMessage());
            emitter.completeWithError(gone);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
