package drover.engine.accesslog;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines on their way from one event loop to the flush thread: a ring of bytes with one writer and one reader, no lock, and
 * no waiting. A line goes in whole or not at all. When it becomes half full, the flush thread is woken.
 */
public final class LogRing {

    private final ByteBuffer bytes;
    private final int capacity;
    private final Runnable wake;
    /** Bytes ever put in; only the loop writes it. */
    private final AtomicLong written = new AtomicLong();
    /** Bytes ever taken out; only the flush thread writes it. */
    private final AtomicLong taken = new AtomicLong();

    LogRing(int capacity, Runnable wake) {
        this.capacity = capacity;
        this.wake = wake;
        this.bytes = ByteBuffer.allocateDirect(capacity);
    }

    /** Puts a line in, its newline included; false if there is no room. Only for the loop that owns the ring. */
    public boolean offer(byte[] line, int length) {
        long at = written.getPlain();
        long waiting = at - taken.getAcquire();
        if (length > capacity - waiting) {
            return false;
        }
        int start = (int) (at % capacity);
        int first = Math.min(length, capacity - start);
        bytes.put(start, line, 0, first);
        bytes.put(0, line, first, length - first);
        written.setRelease(at + length);
        if (waiting < capacity / 2 && waiting + length >= capacity / 2) {
            wake.run();
        }
        return true;
    }

    /** What waits, oldest first; only for the flush thread. */
    Lines waiting() {
        long from = taken.getPlain();
        int length = (int) (written.getAcquire() - from);
        int start = (int) (from % capacity);
        int first = Math.min(length, capacity - start);
        return new Lines(bytes.slice(start, first), bytes.slice(0, length - first));
    }

    void took(long length) {
        taken.setRelease(taken.getPlain() + length);
    }
}
