package drover.engine.loop;

import drover.engine.lane.Drain;
import drover.engine.lane.Handover;
import drover.engine.lane.Lane;
import drover.engine.lane.Stage;
import drover.engine.stats.Counter;
import drover.engine.stats.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections that a loop hands back through its lane: while it drains all that do not wait for a file thread, in the
 * middle of a response or not; some idle ones if it has more than its share. One message at a time: what was sent is neither read nor closed here until the master says that it
 * took it, and goes on here if the master goes. Owned by the loop.
 *
 * <pre>
 *   choose ──► (the selector lets go of them) ──► send ──► took ──► closed here, not for the client
 *                                                  └── no room, no master ──► stay
 * </pre>
 */
final class Departures {

    private static final List<Phase> LEAVING = List.of(Phase.IDLE, Phase.HEAD, Phase.SENDING);

    private final LaneLink link;
    private final Deadlines deadlines;
    private final Section stats;
    private final List<Connection> away = new ArrayList<>();
    private boolean room = true;
    /** Idle connections that are yet to be handed back because others have fewer. */
    private int surplus;

    Departures(LaneLink link, Deadlines deadlines, Section stats) {
        this.link = link;
        this.deadlines = deadlines;
        this.stats = stats;
    }

    /** So many idle connections are more than this loop's share. */
    void ask(int count) {
        surplus = count;
    }

    void room() {
        room = true;
    }

    /** Picks the next ones, which the caller's selector must let go of before they are sent; false if there are none. */
    boolean choose(boolean all) {
        if (!room || !away.isEmpty() || !link.isThere() || (!all && surplus == 0)) {
            return false;
        }
        if (all) {
            LEAVING.forEach(phase -> choose(phase, Lane.MOST_GIVEN_BACK, 1));
        } else {
            // Evenly, from those that sleep to those that have only just been answered: the load goes with the
            // connections.
            long idle = Math.max(1, stats.get(Counter.CONNECTIONS_IDLE));
            choose(Phase.IDLE, Math.min(surplus, Lane.MOST_GIVEN_BACK), Math.max(1, idle / surplus));
            surplus = away.isEmpty() ? 0 : surplus - away.size();
        }
        return !away.isEmpty();
    }

    /** Takes every so-manyth of a phase, the oldest first. */
    private void choose(Phase phase, int most, long stride) {
        var next = deadlines.oldest(phase);
        for (long nth = 0; next.isPresent() && away.size() < most; nth++) {
            var connection = (Connection) next.get();
            next = Deadlines.after(connection);
            if (nth % stride == 0) {
                connection.depart();
                away.add(connection);
            }
        }
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
