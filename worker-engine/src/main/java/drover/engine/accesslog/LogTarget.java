package drover.engine.accesslog;

import java.io.IOException;

/** What lines are appended to. Only for the flush thread. */
sealed interface LogTarget extends AutoCloseable permits SharedFile, StandardOutput {

    /**
     * Makes ready for a batch.
     *
     * @param bytes how long it will be
     * @return false if this is not the moment: the lines wait
     */
    boolean begin(long bytes) throws IOException;

    /**
     * Appends lines and moves them behind the last one that is in for good. What remains waits for another batch; if there
     * was an exception, it is refused.
     */
    void append(Lines lines) throws IOException;

    /** Ends a batch that was begun. */
    void end();

    /** How often this process has rotated the file. */
    long rotations();

    @Override
    void close();
}
