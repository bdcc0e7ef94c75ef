package drover.admin.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that nobody but this user may read, such as one with hashes of passwords. */
public record PrivateFile(Path path) {

    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions.fromString("rw-------");

    /** Replaces the file in one step: a reader sees all of the old text or all of the new one, also after the power failed. */
    public void replace(String text) throws IOException {
        var draft = Files.createTempFile(
                path.toAbsolutePath().getParent(),
                path.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(OURS_ALONE));
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(/* metaData= */ true);
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Takes the file away from everybody else who might read it; true if somebody might have. */
    public boolean close() throws IOException {
        if (OURS_ALONE.containsAll(Files.getPosixFilePermissions(path))) {
            return false;
        }
        Files.setPosixFilePermissions(path, OURS_ALONE);
        return true;
    }
}
