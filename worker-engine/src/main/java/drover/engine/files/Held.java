package drover.engine.files;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the cache and the responses that send it hold together; the last to let go ends it. A response goes on with what it
 * began with, whatever becomes of the path or of the cache's place for it. Any thread.
 */
public abstract sealed class Held permits Body, OpenFile {

    private final AtomicInteger holders = new AtomicInteger(1);

    /** Holds it once more; false if the last holder has let go already. */
    public final boolean hold() {
        int before = holders.get();
        while (before > 0) {
            if (holders.compareAndSet(before, before + 1)) {
                return true;
            }
            before = holders.get();
        }
        return false;
    }

    /** Lets go of it, once for each hold. */
    public final void release() throws IOException {
        int left = holders.decrementAndGet();
        if (left == 0) {
            end();
        } else if (left < 0) {
            throw new IllegalStateException("released more often than it was held");
        }
    }

    /** Nobody holds it any more. */
    abstract void end() throws IOException;
}
