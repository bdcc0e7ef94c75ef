package drover.engine.loop;

import drover.engine.lane.Handover;
import drover.engine.lane.Lane;
import drover.engine.lane.LaneListener;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop's tie to the master: its lane, opened again whenever a master goes without a word, and the copies of the listening
 * sockets that the last one left in custody. The next master gets them with the first lane, so that nobody who connects
 * meanwhile is refused. Owned by the loop.
 */
final class LaneLink {

    /** How long the loop may wait while it has no lane: a master comes back within moments. */
    static final long RETRY_MILLIS = 20;

    private static final long RETRY_NANOS = Duration.ofMillis(RETRY_MILLIS).toNanos();
    private static final int[] NONE = {};

    private final Lane.Connector connector;
    private final Selector selector;
    private @Nullable Lane lane;
    private @Nullable SelectionKey key;
    private int[] custody = NONE;
    private boolean wanted = true;
    private long triedNanos;

    LaneLink(Lane.Connector connector, Selector selector) throws IOException {
        this.connector = connector;
        this.selector = selector;
        open();
    }

    private void open() throws IOException {
        var opened = connector.connect();
        try {
            if (custody.length > 0) {
                opened.bring(custody);
            }
            key = opened.register(selector, opened);
            lane = opened;
        } catch (IOException failure) {
            opened.close();
            throw failure;
        }
    }

    boolean isThere() {
        return lane != null;
    }

    /** Reads what came; a lane that speaks nonsense is as good as none. */
    void receive(LaneListener listener) throws IOException {
        if (lane != null) {
            lane.receive(listener);
        }
    }

    boolean giveBack(List<Handover> connections) throws IOException {
        return lane != null && lane.giveBack(connections);
    }

    /** Asks the master to send no more; false if there is none. */
    boolean leave() throws IOException {
        if (lane != null) {
            lane.leave();
        }
        return lane != null;
    }

    void keep(int[] listeners) {
        letGo();
        custody = listeners;
    }

    /** From here on it is no affair of this worker who listens. */
    void letGo() {
        for (int listener : custody) {
            Posix.close(listener);
        }
        custody = NONE;
    }

    /** No lane is opened any more after this one. */
    void retire() {
        wanted = false;
    }

    /** The lane has ended, or is broken. */
    void close() throws IOException {
        var ended = lane;
        lane = null;
        if (key != null) {
            key.cancel();
            key = null;
        }
        if (ended != null) {
            ended.close();
        }
    }

    /** Says what is due, and opens a lane if there is none. */
    void tend(long nowNanos) {
        if (lane != null) {
            lane.acknowledge();
        } else if (wanted && nowNanos - triedNanos >= RETRY_NANOS) {
            triedNanos = nowNanos;
            try {
                open();
            } catch (IOException notYet) {
                // no master: the next try is due in a moment
            }
        }
    }

    boolean isAwaited() {
        return wanted && lane == null;
    }
}
