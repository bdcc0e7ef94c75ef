package drover.admin.metrics;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Something that takes a while to make. It is made anew for whoever asks, as long as they ask now and then; when that has
 * been used up, once a second, and who asks in between shares what was made last. Any thread.
 */
final class Rationed<T> {

    static final int MOST_IN_A_ROW = 5;

    private static final long NANOS_EACH = 1_000_000_000;

    private final LongSupplier nanoTime;
    private long leftNanos = MOST_IN_A_ROW * NANOS_EACH;
    private long countedNanos;
    private Optional<T> last = Optional.empty();

    Rationed(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.countedNanos = nanoTime.getAsLong();
    }

    /** What is to be shared; nothing for whom it is to be {@link #made} anew. */
    synchronized Optional<T> shared() {
        long now = nanoTime.getAsLong();
        leftNanos = Math.min(MOST_IN_A_ROW * NANOS_EACH, leftNanos + now - countedNanos);
        countedNanos = now;
        if (leftNanos < NANOS_EACH && last.isPresent()) {
            return last;
        }
        // Nobody owes for what was not to be had: else the first that is made would be shared for as long.
        leftNanos = Math.max(0, leftNanos - NANOS_EACH);
        return Optional.empty();
    }

    synchronized void made(T made) {
        last = Optional.of(made);
    }
}
