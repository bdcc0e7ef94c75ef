package drover.engine.auth;

import drover.engine.log.Log;
import drover.engine.vhost.Protection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The users of one protection. Its file is read by one thread, the list that it makes by all. */
final class Door {

    private static final int MOST_BYTES = 1 << 20;

    private final Protection protection;
    private byte[] text = new byte[0];
    private boolean unreadable;
    private volatile PasswordList passwords;

    Door(Protection protection) {
        this.protection = protection;
        this.passwords = list(List.of());
        refresh();
    }

    PasswordList passwords() {
        return passwords;
    }

    /**
     * Reads the file again. Compared by content, for a time stamp may hide a change; a file that cannot be read leaves those
     * who had passwords theirs, and says so once.
     */
    void refresh() {
        protection.usersFile().ifPresent(file -> {
            try {
                var now = read(file);
                unreadable = false;
                if (!Arrays.equals(now, text)) {
                    text = now;
                    passwords =
                            list(new String(now, StandardCharsets.UTF_8).lines().toList());
                }
            } catch (IOException failure) {
                if (!unreadable) {
                    unreadable = true;
                    Log.warn("users file not read file=" + file + " why=\"" + failure + "\"");
                }
            }
        });
    }

    private static byte[] read(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            var bytes = stream.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("longer than " + MOST_BYTES + " bytes");
            }
            return bytes;
        }
    }

    /** Those of the configuration, then those of the file; what is wrong with the former admin has refused. */
    private PasswordList list(List<String> ofFile) {
        var lines = new ArrayList<>(protection.users());
        lines.addAll(ofFile);
        int before = protection.users().size();
        return PasswordList.of(
                lines,
                line -> Log.warn("user ignored file="
                        + protection.usersFile().map(Path::toString).orElse("") + " line=" + (line - before)
                        + " why=\"not name:hash with a bcrypt hash of cost " + Bcrypt.LEAST_COST + " to "
                        + Bcrypt.MOST_COST + "\""));
    }
}
