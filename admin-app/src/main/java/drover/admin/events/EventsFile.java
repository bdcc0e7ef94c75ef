package drover.admin.events;

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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code events.jsonl}: one event a line, appended; mode 0600. It is opened for each event, of which there are few, so that
 * whoever moves it away finds a new one in its place. Earlier files are {@code events.jsonl.1}, the latest, and so on.
 */
public record EventsFile(Path path) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An event, from its line; nothing if it is none, such as one that a full disk has cut. */
    public static Optional<Event> parse(String line) {
        try {
            return line.isBlank() ? Optional.empty() : Optional.of(JSON.readValue(line, Event.class));
        } catch (JacksonException | NullPointerException damaged) {
            return Optional.empty();
        }
    }

    void append(Event event) throws IOException {
        var line = ByteBuffer.wrap((JSON.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
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

    void rotate(int keep) throws IOException {
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

    /** The latest events, so many if there are; the oldest of them first. */
    public List<Event> latest(int most) {
        var events = new ArrayList<Event>();
        var file = path;
        for (int number = 1; events.size() < most && Files.exists(file); number++) {
            events.addAll(0, read(file));
            file = earlier(number);
        }
        return List.copyOf(events.subList(Math.max(0, events.size() - most), events.size()));
    }

    private static List<Event> read(Path file) {
        // Not as strict UTF-8: one damaged line must not hide the others.
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> parse(line).stream())
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
