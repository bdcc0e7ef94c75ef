package drover.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * What statx(2) says of a file.
 *
 * @param device together with {@code inode}: which file it is
 * @param mode type and permissions
 * @param modified when the content changed, or what somebody set instead
 * @param changed when content or inode changed
 * @param bornSeconds since the epoch, or 0 if the file system does not know
 */
public record FileStatus(
        long device, long inode, int mode, long size, Instant modified, Instant changed, long bornSeconds) {

    /*
     * struct statx, the same on every architecture, as far as it is read:
     *
     *   offset  bytes  field
     *        0      4  mask of what is known
     *       28      2  mode
     *       32      8  inode
     *       40      8  size
     *       80      8  seconds of the birth
     *       96     12  seconds and nanoseconds of the change
     *      112     12  of the modification
     *      136      8  device
     *      256         the end
     */
    static final long STATX_SIZE = 256;

    private static final int STATX_TYPE = 0x1;
    private static final int STATX_MODE = 0x2;
    private static final int STATX_MTIME = 0x40;
    private static final int STATX_CTIME = 0x80;
    private static final int STATX_INO = 0x100;
    private static final int STATX_SIZE_KNOWN = 0x200;
    private static final int STATX_BTIME = 0x800;

    /** What is asked for. */
    static final int STATX_MASK =
            STATX_TYPE | STATX_MODE | STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE_KNOWN | STATX_BTIME;

    private static final int TYPE_MASK = 0xf000;
    private static final int REGULAR = 0x8000;
    private static final int DIRECTORY = 0x4000;
    private static final int LINK = 0xa000;

    static FileStatus of(MemorySegment statx) {
        boolean knowsBirth = (statx.get(ValueLayout.JAVA_INT, 0) & STATX_BTIME) != 0;
        return new FileStatus(
                statx.get(ValueLayout.JAVA_LONG, 136),
                statx.get(ValueLayout.JAVA_LONG, 32),
                Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
                statx.get(ValueLayout.JAVA_LONG, 40),
                instant(statx, 112),
                instant(statx, 96),
                knowsBirth ? statx.get(ValueLayout.JAVA_LONG, 80) : 0);
    }

    private static Instant instant(MemorySegment statx, long offset) {
        return Instant.ofEpochSecond(
                statx.get(ValueLayout.JAVA_LONG, offset), statx.get(ValueLayout.JAVA_INT, offset + 8));
    }

    public boolean regular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    public boolean directory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    public boolean link() {
        return (mode & TYPE_MASK) == LINK;
    }

    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
