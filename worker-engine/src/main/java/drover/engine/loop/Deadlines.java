package drover.engine.loop;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When connections run out of time: one list for each phase, oldest first. As all connections in a phase have the same
 * allowance, entering a phase is an append, leaving it an unlink, and looking for the late ones a look at the heads. Owned
 * by the loop.
 */
final class Deadlines {

    private final Map<Phase, Line> lines = new EnumMap<>(Phase.class);

    Deadlines(Duration keepAlive) {
        lines.put(Phase.HEAD, new Line(Phase.HEAD_TIMEOUT.toNanos()));
        lines.put(Phase.LOOKUP, new Line(Long.MAX_VALUE / 2));
        lines.put(Phase.SENDING, new Line(Phase.SEND_TIMEOUT.toNanos()));
        lines.put(Phase.IDLE, new Line(keepAlive.toNanos()));
        lines.put(Phase.LINGERING, new Line(Phase.LINGER_TIMEOUT.toNanos()));
    }

    /** A connection's place in its line. */
    abstract static class Timed {
        private @Nullable Line line;
        private @Nullable Timed earlier;
        private @Nullable Timed later;
        private long sinceNanos;

        long sinceNanos() {
            return sinceNanos;
        }
    }

    /** The connections in one phase. */
    private static final class Line {
        private final long allowanceNanos;
        private @Nullable Timed first;
        private @Nullable Timed last;
        private int count;

        Line(long allowanceNanos) {
            this.allowanceNanos = allowanceNanos;
        }
    }

    /** Starts the time of a phase, and ends that of the phase before. */
    void start(Timed timed, Phase phase, long nanoTime) {
        stop(timed);
        var line = line(phase);
        var earlier = line.last;
        while (earlier != null && earlier.sinceNanos - nanoTime > 0) {
            earlier = earlier.earlier; // its time began elsewhere, before it was handed over
        }
        timed.line = line;
        line.count++;
        timed.sinceNanos = nanoTime;
        timed.earlier = earlier;
        timed.later = earlier == null ? line.first : earlier.later;
        if (earlier == null) {
            line.first = timed;
        } else {
            earlier.later = timed;
        }
        if (timed.later == null) {
            line.last = timed;
        } else {
            timed.later.earlier = timed;
        }
    }

    void stop(Timed timed) {
        var line = timed.line;
        if (line == null) {
            return;
        }
        if (timed.earlier != null) {
            timed.earlier.later = timed.later;
        } else {
            line.first = timed.later;
        }
        if (timed.later != null) {
            timed.later.earlier = timed.earlier;
        } else {
            line.last = timed.earlier;
        }
        line.count--;
        timed.line = null;
        timed.earlier = null;
        timed.later = null;
    }

    /** Hands over every connection of a phase that has been in it too long; the consumer must end or restart its time. */
    void expire(Phase phase, long nanoTime, Consumer<Timed> late) {
        expire(phase, line(phase).allowanceNanos, nanoTime, late);
    }

    /** The same with another allowance. */
    void expire(Phase phase, long allowanceNanos, long nanoTime, Consumer<Timed> late) {
        var line = line(phase);
        while (line.first != null && nanoTime - line.first.sinceNanos > allowanceNanos) {
            var expired = line.first;
            stop(expired);
            late.accept(expired);
        }
    }

    /** How many connections are in a phase. */
    int count(Phase phase) {
        return line(phase).count;
    }

    /** The connection that has been in a phase for the longest time. */
    Optional<Timed> oldest(Phase phase) {
        return Optional.ofNullable(line(phase).first);
    }

    /** The next that is later in the same line. */
    static Optional<Timed> after(Timed timed) {
        return Optional.ofNullable(timed.later);
    }

    private Line line(Phase phase) {
        var line = lines.get(phase);
        if (line == null) {
            throw new IllegalStateException("no allowance for " + phase);
        }
        return line;
    }
}
