package drover.admin.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The last lines of a file that others append to, cut, and rename. One thread. */
final class FileTail {

    private static final int BLOCK = 64 << 10;
    private static final long LOOK_EVERY_MILLIS = 200;

    private final Path path;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    private FileTail(Path path) {
        this.path = path;
    }

    static FileTail of(Path path) {
        return new FileTail(path);
    }

    /**
     * Hands over the last whole lines, and then, if it is to follow, every line that comes, until the thread is interrupted.
     */
    void read(int lines, boolean follow, Consumer<String> reader) throws IOException, InterruptedException {
        try {
            begin(lines, follow, reader);
        } catch (NoSuchFileException notYet) {
            if (!follow) {
                throw notYet;
            }
        }
        while (follow) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            try {
                follow(reader);
            } catch (NoSuchFileException notYet) {
                unfinished.reset();
            }
        }
    }

    private void begin(int lines, boolean follow, Consumer<String> reader) throws IOException, InterruptedException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            position = startOfLast(channel, lines);
            if (follow) {
                follow(channel, key(path), reader);
            } else {
                take(channel, reader);
            }
        }
    }

    /** Follows the file that has taken the place of the one before. */
    private void follow(Consumer<String> reader) throws IOException, InterruptedException {
        position = 0;
        unfinished.reset();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            follow(channel, key(path), reader);
        }
    }

    /** Until the path names another file, or none. */
    private void follow(FileChannel channel, Optional<Object> key, Consumer<String> reader)
            throws IOException, InterruptedException {
        while (true) {
            // Looked at first: what was written before a rename is read after it.
            boolean current = key(path).equals(key);
            if (channel.size() < position) {
                position = 0; // cut: it begins anew
                unfinished.reset();
            }
            take(channel, reader);
            if (!current) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private void take(FileChannel channel, Consumer<String> reader) throws IOException {
        var buffer = ByteBuffer.allocate(BLOCK);
        int count;
        while ((count = channel.read(buffer, position)) > 0) {
            position += count;
            for (int i = 0; i < count; i++) {
                if (buffer.get(i) == '\n') {
                    reader.accept(unfinished.toString(StandardCharsets.UTF_8));
                    unfinished.reset();
                } else {
                    unfinished.write(buffer.get(i));
                }
            }
            buffer.clear();
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

    /** Where so many last lines begin. */
    private static long startOfLast(FileChannel channel, int lines) throws IOException {
        long end = channel.size();
        int newlines = 0;
        var buffer = ByteBuffer.allocate(BLOCK);
        for (long block = end; block > 0; ) {
            long from = Math.max(0, block - BLOCK);
            buffer.clear().limit((int) (block - from));
            int count = channel.read(buffer, from);
            for (int i = count - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n' && ++newlines > lines) {
                    return from + i + 1;
                }
            }
            block = from;
        }
        return 0;
    }
}
