package drover.verify.farm;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A point in time until which something is waited for. */
public final class Deadline {

    private static final long STEP_NANOS = 2_000_000;

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    public static Deadline within(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public boolean isOver() {
        return System.nanoTime() - atNanos >= 0;
    }

    /** Waits for a fact; whether it came true in time. */
    public boolean until(BooleanSupplier fact) {
        while (!fact.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    /** Waits for the time itself to pass. */
    public void pass() {
        until(() -> false);
    }
}
