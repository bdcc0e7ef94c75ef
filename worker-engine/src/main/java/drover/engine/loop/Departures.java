package drover.engine.loop;

import drover.engine.lane.Drain;
import drover.engine.lane.Handover;
import drover.engine.lane.Lane;
import drover.engine.lane.Stage;
import drover.engine.stats.Counter;
import drover.engine.stats.Section;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * The connections that a loop hands back through its lane: while it drains all that do not wait for a file thread, in the
 * middle of a response or not; some if it has more than its share, each when it is idle. One message at a time: what was
 * sent is neither read nor closed here until the master says that it took it, and goes on here if the master goes. Owned by
 * the loop.
 *
 * <pre>
 *   choose ──► (the selector lets go of them) ──► send ──► took ──► closed here, not for the client ──► room
 *                                                  │                └── nobody is there for them: they come back
 *                                                  └── no room, no master ──► stay
 * </pre>
 */
final class Departures {

    /** What is handed back while the loop drains. */
    private static final List<Phase> LEAVING = List.of(Phase.IDLE, Phase.HEAD, Phase.SENDING);

    /** What may have to leave because others have fewer: whoever was served once, or is being served. */
    private static final List<Phase> SURPLUS = List.of(Phase.IDLE, Phase.SENDING, Phase.LOOKUP);

    private final LaneLink link;
    private final Deadlines deadlines;
    private final Section stats;
    private final List<Connection> away = new ArrayList<>();
    private boolean room = true;
    /** Connections that are to be handed back as soon as they are idle, because others have fewer. */
    private final Set<Connection> surplus = new HashSet<>();

    /** Those of them that have become idle since the loop last looked; perhaps no longer. */
    private final Queue<Connection> idle = new ArrayDeque<>();

    Departures(LaneLink link, Deadlines deadlines, Section stats) {
        this.link = link;
        this.deadlines = deadlines;
        this.stats = stats;
    }

    /**
     * So many connections are more than this loop's share: chooses evenly from the oldest, which sleep, to those that are
     * being served, because the load goes with the connections. Each goes when it is idle.
     */
    void ask(int count) {
        surplus.clear();
        idle.clear();
        long all = SURPLUS.stream().mapToInt(deadlines::count).sum();
        long some = Math.min(count, all);
        long nth = 0;
        for (var phase : SURPLUS) {
            var next = deadlines.oldest(phase);
            while (next.isPresent()) {
                var connection = (Connection) next.get();
                if (nth++ * some % all < some) {
                    surplus.add(connection);
                    idle.add(connection);
                }
                next = Deadlines.after(connection);
            }
        }
    }

    /** A connection has become idle. */
    void idle(Connection connection) {
        if (!surplus.isEmpty() && surplus.contains(connection)) {
            idle.add(connection);
        }
    }

    /** A connection has ended. */
    void forget(Connection connection) {
        surplus.remove(connection);
    }

    void room() {
        room = true;
    }

    /** Whether the master may still bring back what it took, because nobody else is there: the loop must not end yet. */
    boolean mayComeBack() {
        return !room;
    }

    /** Picks the next ones, which the caller's selector must let go of before they are sent; false if there are none. */
    boolean choose(boolean all) {
        if (!room || !away.isEmpty() || !link.isThere()) {
            return false;
        }
        if (all) {
            LEAVING.forEach(this::chooseAll);
        } else {
            chooseSurplus();
        }
        return !away.isEmpty();
    }

    private void chooseAll(Phase phase) {
        var next = deadlines.oldest(phase);
        while (next.isPresent() && away.size() < Lane.MOST_GIVEN_BACK) {
            var connection = (Connection) next.get();
            next = Deadlines.after(connection);
            depart(connection);
        }
    }

    private void chooseSurplus() {
        while (away.size() < Lane.MOST_GIVEN_BACK && !idle.isEmpty()) {
            var connection = idle.remove();
            if (connection.isIdle() && surplus.remove(connection)) {
                depart(connection);
            }
        }
    }

    private void depart(Connection connection) {
        connection.depart();
        away.add(connection);
    }

    void send() throws IOException {
        var handovers = new ArrayList<Handover>();
        for (var connection : List.copyOf(away)) {
            var handover = connection.handover();
            if (handover.isPresent()) {
                handovers.add(handover.get());
            } else {
                away.remove(connection);
                connection.stay();
            }
        }
        room = handovers.isEmpty() || !link.giveBack(handovers);
        if (room) {
            goOnHere();
        }
        handovers.forEach(Luggage::close);
    }

    /** The master took the first of them; returns how many connections the loop has fewer. */
    int took(int count, Drain why, boolean draining) {
        int gone = Math.clamp(count, 0, away.size());
        for (var connection : away.subList(0, gone)) {
            stats.increment(draining ? counter(why, connection.stage()) : Counter.HANDED_OVER_REBALANCE);
            connection.gone();
        }
        away.subList(0, gone).clear();
        goOnHere();
        return gone;
    }

    private static Counter counter(Drain why, Stage stage) {
        if (why == Drain.SCALE) {
            return stage == Stage.RESPONSE ? Counter.HANDED_OVER_SCALE_TRANSFER : Counter.HANDED_OVER_SCALE;
        }
        return stage == Stage.RESPONSE ? Counter.HANDED_OVER_RESTART_TRANSFER : Counter.HANDED_OVER_RESTART;
    }

    /** The master is gone: what it was not known to have taken goes on here, and the next one has room. */
    void stay() {
        room = true;
        goOnHere();
    }

    private void goOnHere() {
        var staying = List.copyOf(away);
        away.clear();
        staying.forEach(Connection::stay);
    }
}
