package drover.admin.security;

import drover.admin.config.DroverProperties;
import drover.admin.security.AuditEntry.Outcome;
import drover.admin.shared.LinesFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who changed what: {@code audit.jsonl} in the state directory, one entry a line, of ASCII alone, mode 0600. An entry is on the
 * disk before {@link #add} returns. Earlier files are {@code audit.jsonl.1}, the latest, and so on. Any thread.
 */
@Component
final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** What is held in memory for those who ask by the API. */
    private static final int HELD = 1000;

    private static final int LONGEST = 400;

    private final LinesFile file;
    private final long limitBytes;
    private final int keep;
    private final InstantSource clock;
    private final Deque<AuditEntry> latest = new ArrayDeque<>();
    private long lastId;

    @Autowired
    AuditLog(DroverProperties properties) {
        this(
                properties.stateDirectory().resolve("audit.jsonl"),
                properties.logRotateSize().toBytes(),
                properties.logKeep(),
                InstantSource.system());
    }

    AuditLog(Path path, long limitBytes, int keep, InstantSource clock) {
        this.file = new LinesFile(path);
        this.limitBytes = limitBytes;
        this.keep = keep;
        this.clock = clock;
        file.latest(HELD, AuditLog::parse).forEach(latest::add);
        lastId = latest.isEmpty() ? 0 : latest.getLast().id();
    }

    private static Optional<AuditEntry> parse(String line) {
        try {
            return line.isBlank() ? Optional.empty() : Optional.of(JSON.readValue(line, AuditEntry.class));
        } catch (JacksonException | NullPointerException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Adds an entry; what is too long is cut. What the disk refuses is held in memory and said in the log: on a full disk
     * workers can still be restarted.
     */
    synchronized void add(
            String user, String address, String action, String target, Outcome outcome, Optional<String> detail) {
        var entry = new AuditEntry(
                ++lastId,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                cut(user),
                cut(address),
                cut(action),
                cut(target),
                outcome,
                detail.map(AuditLog::cut));
        latest.add(entry);
        if (latest.size() > HELD) {
            latest.removeFirst();
        }
        try {
            file.rotateBeyond(limitBytes, keep);
            file.append(JSON.writeValueAsString(entry), /* forced= */ true);
        } catch (IOException refused) {
            LOG.error("audit entry not written id={} why=\"{}\"", entry.id(), refused.toString());
        }
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** Those with a greater id than this, of the latest thousand; the oldest first, and no more than {@code most}. */
    synchronized List<AuditEntry> after(long id, int most) {
        return latest.stream().filter(entry -> entry.id() > id).limit(most).toList();
    }

    /** The latest, so many; the oldest of them first. */
    synchronized List<AuditEntry> latest(int most) {
        return latest.stream().skip(Math.max(0, latest.size() - most)).toList();
    }
}
