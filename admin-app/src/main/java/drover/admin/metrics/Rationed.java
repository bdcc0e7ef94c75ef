package drover.admin.metrics;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Something that takes a while to make. It is made anew for whoever asks, as long as they ask now and then; when that has
 * been used up, twice a second, and who asks in between is given what was made last. Any thread; all wait for one maker.
 */
final class Rationed<T> {

    static final int MOST_IN_A_ROW = 20;
    static final int A_SECOND = 2;

    private static final long NANOS_EACH = 1_000_000_000L / A_SECOND;

    private final LongSupplier nanoTime;
    private long leftNanos = MOST_IN_A_ROW * NANOS_EACH;
    private long countedNanos;
    private Optional<T> last = Optional.empty();

    Rationed(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.countedNanos = nanoTime.getAsLong();
    }

    synchronized T get(Supplier<T> maker) {
        long now = nanoTime.getAsLong();
        leftNanos = Math.min(MOST_IN_A_ROW * NANOS_EACH, leftNanos + now - countedNanos);
        countedNanos = now;
        if (leftNanos < NANOS_EACH && last.isPresent()) {
            return last.get();
        }
        leftNanos -= NANOS_EACH;
        var made = maker.get();
        last = Optional.of(made);
        return made;
    }
}
