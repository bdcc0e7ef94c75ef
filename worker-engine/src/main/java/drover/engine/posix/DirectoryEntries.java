package drover.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads the names in an open directory, a few at a time, as bytes: a name need not be text.
 * <pre>
 *   offset  bytes  struct linux_dirent64, getdents64(2), the same on every architecture
 *        0      8  inode
 *        8      8  where the next one is
 *       16      2  length of this entry
 *       18      1  type
 *       19         name, and a zero byte
 * </pre>
 */
public final class DirectoryEntries {

    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int LENGTH = 16;
    private static final int NAME = 19;

    /** Is told the names, in no order. */
    public interface Visitor {

        /** Returns false to hear no more. */
        boolean visit(byte[] name);
    }

    private DirectoryEntries() {}

    /** Reads on from where the descriptor stands; {@code .} and {@code ..} are among the names. 0, or a negative errno. */
    public static int read(int fd, Visitor visitor) {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(BUFFER_BYTES, 8);
            long bytes = Posix.getdents(fd, buffer);
            while (bytes > 0 && visit(buffer.asSlice(0, bytes), visitor)) {
                bytes = Posix.getdents(fd, buffer);
            }
            return (int) Math.min(bytes, 0);
        }
    }

    private static boolean visit(MemorySegment entries, Visitor visitor) {
        long at = 0;
        while (at < entries.byteSize()) {
            int length = entries.get(ValueLayout.JAVA_SHORT, at + LENGTH) & 0xffff;
            var entry = entries.asSlice(at, length);
            int end = NAME;
            while (entry.get(ValueLayout.JAVA_BYTE, end) != 0) {
                end++;
            }
            if (!visitor.visit(entry.asSlice(NAME, end - NAME).toArray(ValueLayout.JAVA_BYTE))) {
                return false;
            }
            at += length;
        }
        return true;
    }
}
