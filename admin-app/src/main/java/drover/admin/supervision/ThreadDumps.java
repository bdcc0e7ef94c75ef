package drover.admin.supervision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks a worker what its threads do: at SIGQUIT a JVM writes that to its log, and from there it is read. Any thread may ask;
 * one at a time is served, so that no two dumps lie in each other.
 */
final class ThreadDumps {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_MILLIS = 20;
    /** Some 200 threads with deep stacks. */
    private static final int LONGEST = 1 << 20;

    private static final String BEGIN = "Full thread dump";
    /** HotSpot says this behind the last thread; what deadlocks there are, and the heap, follow at once. */
    private static final String THREADS_END = "JNI global refs:";

    private final ReentrantLock turn = new ReentrantLock();

    /**
     * The dump, from its first line on; the heap's sizes are at its end.
     *
     * @param log to which the process, and no other, appends its standard error
     * @return empty if the process wrote none in time: it is stopped, or about to end
     * @throws IOException if the log cannot be read
     */
    Optional<String> of(ProcessIdentity process, Path log) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = channel.size();
            Signals.askForThreads(process);
            return await(channel, from);
        } finally {
            turn.unlock();
        }
    }

    /** It is whole when its last part has begun and nothing was added between two looks. */
    private static Optional<String> await(FileChannel channel, long start) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long seen = -1;
        var text = "";
        while (System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            long size = channel.size();
            if (size == seen && text.contains(THREADS_END)) {
                break;
            }
            if (size != seen) {
                seen = size;
                text = read(channel, size < start ? 0 : start); // cut meanwhile: it begins anew
            }
        }
        int begin = text.indexOf(BEGIN);
        return begin < 0 ? Optional.empty() : Optional.of(text.substring(begin));
    }

    private static String read(FileChannel channel, long from) throws IOException {
        var bytes = ByteBuffer.allocate(Math.clamp(channel.size() - from, 0, LONGEST));
        int count;
        do {
            count = channel.read(bytes, from + bytes.position());
        } while (count > 0 && bytes.hasRemaining());
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
