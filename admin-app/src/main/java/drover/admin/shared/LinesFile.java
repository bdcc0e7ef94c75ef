package drover.admin.shared;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A file of lines that are only ever appended, mode 0600. It is opened for each line, of which there are few, so that whoever
 * moves it away finds a new one in its place. Earlier files are {@code NAME.1}, the latest, and so on. One writer, many readers.
 */
public record LinesFile(Path path) {

    /**
     * Adds a line; its end is added too.
     *
     * @param forced returns when the disk has it, not only the kernel
     */
    public void append(String text, boolean forced) throws IOException {
        var line = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        boolean torn = endsTorn();
        try (var channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            if (torn) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            while (line.hasRemaining()) {
                channel.write(line);
            }
            if (forced) {
                channel.force(/* metaData= */ false);
            }
        }
    }

    /** Whether the last line has no end: its writer was killed, or the disk was full. */
    private boolean endsTorn() throws IOException {
        if (Files.notExists(path) || Files.size(path) == 0) {
            return false;
        }
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(file.length() - 1);
            return file.read() != '\n';
        }
    }

    /** Begins anew if the file is longer than this, and keeps so many earlier ones. */
    public void rotateBeyond(long limitBytes, int keep) throws IOException {
        if (Files.exists(path) && Files.size(path) > limitBytes) {
            rotate(keep);
        }
    }

    private void rotate(int keep) throws IOException {
        for (int number = keep; number >= 1; number--) {
            var from = number == 1 ? path : earlier(number - 1);
            if (Files.exists(from)) {
                Files.move(from, earlier(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path earlier(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /**
     * The latest of what the lines say, so many if there are; the oldest of them first.
     *
     * @param parse what a line says; nothing if it is damaged
     */
    public <T> List<T> latest(int most, Function<String, Optional<T>> parse) {
        var found = new ArrayList<T>();
        var file = path;
        for (int number = 1; found.size() < most && Files.exists(file); number++) {
            found.addAll(0, read(file, parse));
            file = earlier(number);
        }
        return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
    }

    private static <T> List<T> read(Path file, Function<String, Optional<T>> parse) {
        // Not as strict UTF-8: one damaged line must not hide the others.
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> parse.apply(line).stream())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
