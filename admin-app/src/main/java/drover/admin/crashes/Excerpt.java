package drover.admin.crashes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/** Some lines of a file that another process wrote; what cannot be read has none. */
final class Excerpt {

    private static final int LONGEST_LINE = 400;

    private Excerpt() {}

    /** How long a file is now. */
    static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }

    /** The last lines before a place in it, or before its end if it has been cut since. */
    static List<String> before(Path file, long end, int lines, int bytes) {
        long until = Math.min(end, length(file));
        long from = Math.max(0, until - bytes);
        var all = lines(read(file, from, (int) (until - from)));
        var whole = from > 0 && !all.isEmpty() ? all.subList(1, all.size()) : all;
        return List.copyOf(whole.subList(Math.max(0, whole.size() - lines), whole.size()));
    }

    /** What was added behind a place in it. If it has been cut since, it begins anew. */
    static List<String> behind(Path file, long start, int bytes) {
        return lines(read(file, length(file) < start ? 0 : start, bytes));
    }

    /** Its first lines, if it was written since. */
    static List<String> beginning(Path file, Instant since, int lines, int bytes) {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                return List.of(); // of an earlier process that had the same number
            }
        } catch (IOException none) {
            return List.of();
        }
        return lines(read(file, 0, bytes)).stream().limit(lines).toList();
    }

    private static List<String> lines(String text) {
        return text.lines()
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
                .toList();
    }

    private static String read(Path file, long from, int most) {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var bytes = ByteBuffer.allocate(Math.clamp(channel.size() - from, 0, most));
            int count;
            do {
                count = channel.read(bytes, from + bytes.position());
            } while (count > 0 && bytes.hasRemaining());
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
