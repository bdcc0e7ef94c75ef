package drover.admin.events;

import drover.admin.config.DroverProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that happens, in order. An event is in the file before {@link #add} returns, so that an admin that is killed after its
 * answer has left a trace of what it was asked. Any thread; the one writer is the admin that holds the run directory.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** What is held in memory for those who ask by the API. */
    private static final int HELD = 1000;

    private final EventsFile file;
    private final long limitBytes;
    private final int keep;
    private final InstantSource clock;
    private final Deque<Event> latest = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastId;

    /**
     * The journal in a file.
     *
     * @param limitBytes it does not grow much beyond
     * @param keep earlier files that are kept
     */
    public Journal(Path path, long limitBytes, int keep, InstantSource clock) {
        this.file = new EventsFile(path);
        this.limitBytes = limitBytes;
        this.keep = keep;
        this.clock = clock;
        file.latest(HELD).forEach(latest::add);
        lastId = latest.isEmpty() ? 0 : latest.getLast().id();
    }

    /** The journal of a configuration. */
    public static Journal of(DroverProperties properties) {
        return new Journal(
                path(properties), properties.logRotateSize().toBytes(), properties.logKeep(), InstantSource.system());
    }

    /** Where the journal of a configuration lies: it outlives a reboot. */
    public static Path path(DroverProperties properties) {
        return properties.stateDirectory().resolve("events.jsonl");
    }

    /** Adds an event. What the disk refuses is held in memory and said in the log: the farm does not wait for its history. */
    public synchronized Event add(Event happened) {
        var event = happened.written(++lastId, clock.instant());
        latest.add(event);
        if (latest.size() > HELD) {
            latest.removeFirst();
        }
        try {
            file.append(event, limitBytes, keep);
        } catch (IOException refused) {
            LOG.error("event not written kind={} why=\"{}\"", event.kind().label(), refused.toString());
        }
        listeners.forEach(Runnable::run);
        return event;
    }

    /** Runs after each event, on the thread that added it: be brief, and do not ask the journal. */
    public void onEvent(Runnable listener) {
        listeners.add(listener);
    }

    /** The id of the latest event; 0 before the first. */
    public synchronized long lastId() {
        return lastId;
    }

    /** Those with a greater id than this, of the latest thousand; the oldest first, and no more than {@code most}. */
    public synchronized List<Event> after(long id, int most) {
        return latest.stream().filter(event -> event.id() > id).limit(most).toList();
    }

    /** The latest, so many; the oldest of them first. */
    public synchronized List<Event> latest(int most) {
        return latest.stream().skip(Math.max(0, latest.size() - most)).toList();
    }
}
