package drover.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What statx(2) says of a file.
 *
 * @param device together with {@code inode}: which file it is
 * @param bornSeconds since the epoch, or 0 if the file system does not know
 * @param modifiedSeconds since the epoch
 */
public record FileStatus(
        long device,
        long inode,
        boolean regular,
        boolean directory,
        boolean link,
        long size,
        long bornSeconds,
        long modifiedSeconds) {

    /*
     * struct statx, the same on every architecture, as far as it is read:
     *
     *   offset  bytes  field
     *        0      4  mask of what is known
     *       28      2  mode
     *       32      8  inode
     *       40      8  size
     *       80      8  seconds of the birth
     *      112      8  seconds of the modification
     *      136      8  device
     *      256         the end
     */
    static final long STATX_SIZE = 256;

    private static final int STATX_TYPE = 0x1;
    private static final int STATX_MTIME = 0x40;
    private static final int STATX_INO = 0x100;
    private static final int STATX_SIZE_KNOWN = 0x200;
    private static final int STATX_BTIME = 0x800;

    /** What is asked for. */
    static final int STATX_MASK = STATX_TYPE | STATX_MTIME | STATX_INO | STATX_SIZE_KNOWN | STATX_BTIME;

    private static final int TYPE_MASK = 0xf000;
    private static final int REGULAR = 0x8000;
    private static final int DIRECTORY = 0x4000;
    private static final int LINK = 0xa000;

    static FileStatus of(MemorySegment statx) {
        boolean knowsBirth = (statx.get(ValueLayout.JAVA_INT, 0) & STATX_BTIME) != 0;
        int type = statx.get(ValueLayout.JAVA_SHORT, 28) & TYPE_MASK;
        return new FileStatus(
                statx.get(ValueLayout.JAVA_LONG, 136),
                statx.get(ValueLayout.JAVA_LONG, 32),
                type == REGULAR,
                type == DIRECTORY,
                type == LINK,
                statx.get(ValueLayout.JAVA_LONG, 40),
                knowsBirth ? statx.get(ValueLayout.JAVA_LONG, 80) : 0,
                statx.get(ValueLayout.JAVA_LONG, 112));
    }

    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
