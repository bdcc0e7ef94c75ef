package drover.admin.events;

import drover.admin.shared.LinesFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code events.jsonl}: one event a line, appended; mode 0600. */
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

    void append(Event event, long limitBytes, int keep) throws IOException {
        var file = new LinesFile(path);
        file.rotateBeyond(limitBytes, keep);
        file.append(JSON.writeValueAsString(event), /* forced= */ false);
    }

    /** The latest events, so many if there are; the oldest of them first. */
    public List<Event> latest(int most) {
        return new LinesFile(path).latest(most, EventsFile::parse);
    }
}
