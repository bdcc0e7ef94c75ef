package drover.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What statx(2) says of a file.
 *
 * @param device together with {@code inode}: which file it is
 * @param bornSeconds since the epoch, or 0 if the file system does not know
 */
public record FileStatus(long device, long inode, boolean regular, long size, long bornSeconds) {

    /*
     * struct statx, the same on every architecture, as far as it is read:
     *
     *   offset  bytes  field
     *        0      4  mask of what is known
     *       28      2  mode
     *       32      8  inode
     *       40      8  size
     *       80      8  seconds of the birth
     *      136      8  device
     *      256         the end
     */
    static final long STATX_SIZE = 256;

    private static final int STATX_TYPE = 0x1;
    private static final int STATX_INO = 0x100;
    private static final int STATX_SIZE_KNOWN = 0x200;
    private static final int STATX_BTIME = 0x800;

    /** What is asked for. */
    static final int STATX_MASK = STATX_TYPE | STATX_INO | STATX_SIZE_KNOWN | STATX_BTIME;

    private static final int TYPE_MASK = 0xf000;
    private static final int REGULAR = 0x8000;

    static FileStatus of(MemorySegment statx) {
        boolean knowsBirth = (statx.get(ValueLayout.JAVA_INT, 0) & STATX_BTIME) != 0;
        return new FileStatus(
                statx.get(ValueLayout.JAVA_LONG, 136),
                statx.get(ValueLayout.JAVA_LONG, 32),
                (statx.get(ValueLayout.JAVA_SHORT, 28) & TYPE_MASK) == REGULAR,
                statx.get(ValueLayout.JAVA_LONG, 40),
                knowsBirth ? statx.get(ValueLayout.JAVA_LONG, 80) : 0);
    }

    public boolean isSameFileAs(FileStatus other) {
        return device == other.device && inode == other.inode;
    }
}
