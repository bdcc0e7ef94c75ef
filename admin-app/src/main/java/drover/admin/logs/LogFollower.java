package drover.admin.logs;

import drover.admin.logs.LogLine.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is added to a log from now on, over cuts and renames. Each look is bounded: of a log that grows faster, lines are
 * passed over and counted. Used by one thread; it holds the file open until it is closed.
 */
public final class LogFollower implements AutoCloseable {

    private static final int BLOCK = 64 << 10;
    private static final long MOST_BYTES = 1 << 20;

    private final Path log;
    private final LogFilter filter;
    private final int most;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    /** The file that is read, until another one has its name; none while there is no file. */
    private @Nullable FileChannel channel;

    private Optional<Object> key = Optional.empty();
    private long position;
    private boolean passesOver;
    private Optional<Level> level = Optional.empty();

    /**
     * Begins at the end of a log, or at the beginning of the one that is not there yet.
     *
     * @param most lines that a look hands over
     * @throws IOException if it is there and cannot be read
     */
    public LogFollower(Path log, LogFilter filter, int most) throws IOException {
        this.log = log;
        this.filter = filter;
        this.most = most;
        var file = open();
        position = file.isPresent() ? file.get().size() : 0;
    }

    /**
     * What came since the last look.
     *
     * @param lines whole ones that match, the oldest first
     * @param passedOver how many that match came before these and are not among them; of what was not read at all, one for
     *     each stretch
     */
    public record News(List<LogLine> lines, long passedOver) {}

    /** Looks, and never waits for more. */
    public News look() throws IOException {
        var file = channel == null ? open() : Optional.of(channel);
        if (file.isEmpty()) {
            return new News(List.of(), 0);
        }
        // Asked first: what was written before a rename is read after it.
        boolean current = key(log).equals(key);
        var found = new ArrayList<LogLine>();
        long skipped = read(file.get(), found);
        if (!current) {
            close();
            unfinished.reset();
        }
        int surplus = Math.max(0, found.size() - most);
        return new News(List.copyOf(found.subList(surplus, found.size())), skipped + surplus);
    }

    private Optional<FileChannel> open() throws IOException {
        try {
            key = key(log);
            var opened = FileChannel.open(log, StandardOpenOption.READ);
            channel = opened;
            position = 0;
            return Optional.of(opened);
        } catch (NoSuchFileException notYet) {
            return Optional.empty();
        }
    }

    private long read(FileChannel from, List<LogLine> found) throws IOException {
        long size = from.size();
        long skipped = 0;
        if (size < position) {
            position = 0; // cut: it begins anew
            unfinished.reset();
        }
        if (size - position > MOST_BYTES) {
            position = size - MOST_BYTES;
            unfinished.reset();
            passesOver = true;
            skipped = 1;
        }
        var block = ByteBuffer.allocate(BLOCK);
        while (position < size) {
            block.clear().limit((int) Math.min(BLOCK, size - position));
            int count = from.read(block, position);
            if (count <= 0) {
                break;
            }
            position += count;
            take(block.array(), count, found);
        }
        return skipped;
    }

    private void take(byte[] bytes, int count, List<LogLine> found) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                add(bytes, start, i);
                if (!passesOver) {
                    take(LogLine.of(unfinished.toByteArray()), found);
                }
                passesOver = false;
                unfinished.reset();
                start = i + 1;
            }
        }
        add(bytes, start, count);
    }

    /** As far as a line is shown. */
    private void add(byte[] bytes, int from, int to) {
        int room = Math.max(0, LogText.LONGEST_BYTES + 1 - unfinished.size());
        unfinished.write(bytes, from, Math.min(to - from, room));
    }

    private void take(LogLine line, List<LogLine> found) {
        level = line.goesOn() ? level : line.level();
        if (filter.admits(level) && filter.finds(line)) {
            found.add(line);
        }
    }

    private static Optional<Object> key(Path path) throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        var file = channel;
        channel = null;
        if (file != null) {
            file.close();
        }
    }
}
