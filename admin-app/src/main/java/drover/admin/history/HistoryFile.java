package drover.admin.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code history} in the state directory, mode 0600: a checkpoint of a {@link History}, for admin alone. */
record HistoryFile(Path path) {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryFile.class);

    /** Begins where the last admin has ended; with a file that is damaged, or of another version, with nothing. */
    void read(History into) {
        if (Files.notExists(path)) {
            return;
        }
        try {
            into.restore(Files.readAllBytes(path));
        } catch (IOException unusable) {
            LOG.warn("history not read file={} why=\"{}\"", path, unusable.getMessage());
        }
    }

    /** Replaces it in one step. What the disk refuses is said in the log: the next checkpoint may succeed. */
    void write(History from) {
        try {
            replace(ByteBuffer.wrap(from.checkpoint()));
        } catch (IOException refused) {
            LOG.error("history not written file={} why=\"{}\"", path, refused.toString());
        }
    }

    private void replace(ByteBuffer content) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (var channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(/* metaData= */ false);
        }
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
