package drover.admin.logs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The last lines of a log that match, read from its end backwards: however large it is, no more than so many bytes of it are
 * looked at, and no longer than so long.
 */
public final class LogEnd {

    private static final int BLOCK = 64 << 10;
    private static final long MOST_BYTES = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Lines of a stack trace that wait for the line they belong to. */
    private static final int MOST_GOING_ON = 500;

    private final LogFilter filter;
    private final int most;
    /** Those that match, the latest first. */
    private final List<LogLine> lines = new ArrayList<>();

    private final Deque<LogLine> goingOn = new ArrayDeque<>();

    private LogEnd(LogFilter filter, int most) {
        this.filter = filter;
        this.most = most;
    }

    /**
     * What was found.
     *
     * @param lines the oldest first
     * @param complete whether the log was looked through to its beginning; if not, more may match
     */
    public record Found(List<LogLine> lines, boolean complete) {}

    /**
     * Reads them.
     *
     * @throws IOException if the log cannot be read
     */
    public static Found of(Path log, LogFilter filter, int most) throws IOException {
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            return new LogEnd(filter, most).read(channel);
        }
    }

    private Found read(FileChannel channel) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long end = channel.size();
        long least = Math.max(0, end - MOST_BYTES);
        var bytes = new byte[BLOCK];
        var block = ByteBuffer.wrap(bytes);
        var rest = new byte[0]; // the end of a line whose beginning is in an earlier block
        long at = end;
        boolean ended = false;
        while (at > least && lines.size() < most && System.nanoTime() - deadline < 0) {
            long from = Math.max(least, at - BLOCK);
            int length = fill(block, channel, from, (int) (at - from));
            int lineEnd = length;
            for (int i = length - 1; i >= 0 && lines.size() < most; i--) {
                if (bytes[i] == '\n') {
                    // Behind the last line end nothing stands, or a line that is being written.
                    if (ended || lineEnd > i + 1 || rest.length > 0) {
                        take(line(bytes, i + 1, lineEnd, rest));
                    }
                    ended = true;
                    rest = new byte[0];
                    lineEnd = i;
                }
            }
            rest = line(bytes, 0, lineEnd, rest);
            at = from;
        }
        boolean complete = at == 0 && lines.size() < most;
        if (complete && rest.length > 0) {
            take(rest);
        }
        return new Found(List.copyOf(lines.reversed()), complete);
    }

    private static int fill(ByteBuffer block, FileChannel channel, long from, int length) throws IOException {
        block.clear().limit(length);
        int count;
        do {
            count = channel.read(block, from + block.position());
        } while (count > 0 && block.hasRemaining());
        return block.position();
    }

    /** A stretch of a block and what follows it, as far as a line is shown. */
    private static byte[] line(byte[] block, int from, int to, byte[] rest) {
        var line = new ByteArrayOutputStream();
        line.write(block, from, Math.min(to - from, LogText.LONGEST_BYTES + 1));
        line.write(rest, 0, Math.min(rest.length, Math.max(0, LogText.LONGEST_BYTES + 1 - line.size())));
        return line.toByteArray();
    }

    private void take(byte[] bytes) {
        var line = LogLine.of(trimmed(bytes));
        if (filter.level().isPresent() && line.goesOn()) {
            goingOn.addLast(line);
            if (goingOn.size() > MOST_GOING_ON) {
                goingOn.removeFirst();
            }
            return;
        }
        if (filter.admits(line.level())) {
            goingOn.forEach(this::keep);
            keep(line);
        }
        goingOn.clear();
    }

    private static byte[] trimmed(byte[] bytes) {
        return bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    private void keep(LogLine line) {
        if (lines.size() < most && filter.finds(line)) {
            lines.add(line);
        }
    }
}
