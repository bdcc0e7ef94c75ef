package drover.admin.live;

import drover.admin.shared.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * All open event streams: no more than so many, each with a thread of its own that writes to it, so that none waits for
 * another. A stream ends when admin does; that it ends with the session it was opened in is seen to at the doors.
 */
@Component
final class Streams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private static final int MOST = 50;
    private static final long NEVER = 0;
    private static final String TYPE = MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8";

    /** A stream without a session cannot end with it: who opened it shows again that he may see it. */
    private static final Duration WITHOUT_SESSION = Duration.ofMinutes(1);

    /** Guarded by itself. */
    private final Set<Open> open = new HashSet<>();

    private volatile boolean running;

    /** What a stream sends. */
    interface Source {

        /** Sends until it is interrupted, or there is nothing more to send. Runs on the stream's own thread. */
        void sendTo(SseEmitter client) throws IOException, InterruptedException;
    }

    private record Open(Source source, Thread thread) {}

    /**
     * Opens a stream for whoever asks. The head of its answer is sent before its thread begins: what filters would still write
     * into it on the request's way back, they would write beside that thread.
     *
     * @throws Refusal if there are as many as there may be
     * @throws IOException if the client has gone
     */
    SseEmitter open(HttpServletRequest request, HttpServletResponse response, Source source) throws IOException {
        boolean inSession = request.getSession(/* create= */ false) != null;
        var emitter = new SseEmitter(inSession ? NEVER : WITHOUT_SESSION.toMillis());
        var stream = new Open(source, Thread.ofVirtual().name("stream").unstarted(() -> run(source, emitter)));
        synchronized (open) {
            if (!running) {
                throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "Admin is being stopped; ask the next one.");
            }
            if (open.size() >= MOST) {
                throw new Refusal(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "%d dashboards and logs are being watched already; close one of them.".formatted(MOST));
            }
            open.add(stream);
        }
        emitter.onTimeout(emitter::complete);
        emitter.onCompletion(stream.thread()::interrupt);
        try {
            response.setContentType(TYPE);
            response.flushBuffer();
        } catch (IOException | RuntimeException gone) {
            giveBack(stream.thread());
            throw gone;
        }
        stream.thread().start();
        return emitter;
    }

    /**
     * Gives the place back itself: an emitter whose request fails before it is initialized, as when the client has gone by
     * then, never tells that it is complete, but refuses what it is given to send.
     */
    private void run(Source source, SseEmitter emitter) {
        try {
            source.sendTo(emitter);
            emitter.complete();
        } catch (IOException | IllegalStateException gone) {
            LOG.debug("stream broken off why=\"{}\"", gone.getMessage());
            emitter.completeWithError(gone);
        } catch (InterruptedException over) {
            emitter.complete();
        } finally {
            giveBack(Thread.currentThread());
        }
    }

    private void giveBack(Thread thread) {
        synchronized (open) {
            open.removeIf(stream -> stream.thread().equals(thread));
        }
    }

    /** Ends the stream of a source, whatever it waits for. */
    void end(Source source) {
        endAll(stream -> stream.source().equals(source));
    }

    private void endAll(Predicate<Open> which) {
        synchronized (open) {
            open.stream().filter(which).forEach(stream -> stream.thread().interrupt());
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Open streams would hold up the web server's graceful end. */
    @Override
    public void stop() {
        running = false;
        endAll(_ -> true);
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
