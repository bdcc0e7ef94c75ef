package drover.admin.live;

import drover.admin.events.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter.DataWithMediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * One that looks at the farm. Its queue holds half a minute; who lags further is cut off and comes back for a fresh start,
 * which is the better picture anyway. Entries of the journal are not queued but fetched from it by their ids, so that each
 * is sent once and none is lost.
 */
final class Viewer implements Streams.Source {

    /** The journal holds no more of them to be asked for. */
    static final int MOST_EVENTS = 1000;

    private static final int MOST_WAITING = 64;
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final LongFunction<List<Event>> journal;
    private final JsonMapper json;
    private final Consumer<Viewer> onGone;
    private final BlockingQueue<Message> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    /** Whether a look at the journal waits already. */
    private final AtomicBoolean looks = new AtomicBoolean();
    /** The last entry of the journal that was sent; its stream's thread alone goes on with it. */
    private long lastId;

    /** What is sent: an event's name and its data, one line of JSON. */
    record Message(String event, String data) {

        private static final Message LOOK = new Message("", "");
    }

    /**
     * One that knows the journal up to an entry.
     *
     * @param journal what is behind an id, the oldest first
     * @param onGone runs once, when nothing will be sent any more
     */
    Viewer(long lastId, LongFunction<List<Event>> journal, JsonMapper json, Consumer<Viewer> onGone) {
        this.lastId = lastId;
        this.journal = journal;
        this.json = json;
        this.onGone = onGone;
    }

    /** Never waits; false if so much waits already that this would be too much. */
    boolean offer(Message message) {
        return waiting.offer(message);
    }

    /** The journal has grown; however often, one look is enough. */
    boolean look() {
        return !looks.compareAndSet(false, true) || waiting.offer(Message.LOOK);
    }

    @Override
    public void sendTo(SseEmitter client) throws IOException, InterruptedException {
        try {
            while (true) {
                var message = waiting.take();
                if (message.equals(Message.LOOK)) {
                    looks.set(false);
                    sendEvents(client);
                } else {
                    sendEvents(client);
                    send(client, message);
                }
            }
        } finally {
            onGone.accept(this);
        }
    }

    private void sendEvents(SseEmitter client) throws IOException {
        for (var event : journal.apply(lastId)) {
            lastId = event.id();
            send(client, new Message("event", json.writeValueAsString(event)));
        }
    }

    /** In one piece: every piece is a write to the client. */
    private void send(SseEmitter client, Message message) throws IOException {
        var text = "id:%d\nevent:%s\ndata:%s\n\n".formatted(lastId, message.event(), message.data());
        client.send(Set.of(new DataWithMediaType(text, TEXT)));
    }
}
