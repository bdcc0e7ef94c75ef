package drover.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory for one recvmsg(2) or sendmsg(2) with descriptors, allocated once and used again by its one owner.
 *
 * <pre>
 *   struct msghdr, 56 bytes                 control message, cmsg(3)
 *      0  name            8                    0  length, head included   8
 *      8  name length     4 + 4                8  level, SOL_SOCKET       4
 *     16  iovec           8                   12  type, SCM_RIGHTS        4
 *     24  iovecs          8                   16  descriptors, 4 bytes each, padded to 8
 *     32  control         8
 *     40  control length  8
 *     48  flags           4 + 4
 * </pre>
 */
public final class DescriptorMessage {

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private static final int MSGHDR_SIZE = 56;
    private static final int MSGHDR_IOV = 16;
    private static final int MSGHDR_IOVLEN = 24;
    private static final int MSGHDR_CONTROL = 32;
    private static final int MSGHDR_CONTROLLEN = 40;
    private static final int MSGHDR_FLAGS = 48;
    private static final int CMSG_HEAD = 16;

    private final MemorySegment header;
    private final MemorySegment iovec;
    private final MemorySegment bytes;
    private final MemorySegment control;
    private final int[] descriptors;
    private int count;

    /** Room for a message of {@code maxBytes} and at most {@code maxDescriptors} descriptors. */
    public DescriptorMessage(int maxBytes, int maxDescriptors) {
        var arena = Arena.global();
        header = arena.allocate(MSGHDR_SIZE, 8);
        bytes = arena.allocate(maxBytes, 8);
        control = arena.allocate(CMSG_HEAD + align(maxDescriptors * 4L), 8);
        // The kernel fills the padding too, so room for an odd number has room for one more; see cmsg(3).
        descriptors = new int[maxDescriptors + 1];
        iovec = arena.allocate(16, 8);
        iovec.set(ValueLayout.ADDRESS, 0, bytes);
        header.set(ValueLayout.ADDRESS, MSGHDR_IOV, iovec);
        header.set(ValueLayout.JAVA_LONG, MSGHDR_IOVLEN, 1);
        header.set(ValueLayout.ADDRESS, MSGHDR_CONTROL, control);
    }

    /**
     * Receives one message, without blocking if the socket is non-blocking. The descriptors are the caller's from here
     * on.
     *
     * @return its length, 0 at the end of the stream, or the negative errno
     */
    public long receive(int fd) {
        count = 0;
        iovec.set(ValueLayout.JAVA_LONG, 8, bytes.byteSize());
        header.set(ValueLayout.JAVA_LONG, MSGHDR_CONTROLLEN, control.byteSize());
        header.set(ValueLayout.JAVA_INT, MSGHDR_FLAGS, 0);
        long length = Posix.recvmsg(fd, header, Posix.MSG_CMSG_CLOEXEC);
        if (length >= 0) {
            walkControlMessages();
        }
        return length;
    }

    /**
     * Sends the first bytes, and copies of descriptors, without waiting.
     *
     * @return the length, or the negative errno
     */
    public long send(int fd, int length, int[] copies) {
        long size = 4L * copies.length;
        iovec.set(ValueLayout.JAVA_LONG, 8, length);
        control.set(ValueLayout.JAVA_LONG, 0, CMSG_HEAD + size);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        MemorySegment.copy(copies, 0, control, ValueLayout.JAVA_INT, CMSG_HEAD, copies.length);
        header.set(ValueLayout.JAVA_LONG, MSGHDR_CONTROLLEN, copies.length == 0 ? 0 : CMSG_HEAD + align(size));
        header.set(ValueLayout.JAVA_INT, MSGHDR_FLAGS, 0);
        return Posix.sendmsg(fd, header, Posix.MSG_NOSIGNAL | Posix.MSG_DONTWAIT);
    }

    private void walkControlMessages() {
        long end = header.get(ValueLayout.JAVA_LONG, MSGHDR_CONTROLLEN);
        long at = 0;
        while (at + CMSG_HEAD <= end) {
            long length = control.get(ValueLayout.JAVA_LONG, at);
            if (length < CMSG_HEAD || at + length > end) {
                return;
            }
            if (control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET
                    && control.get(ValueLayout.JAVA_INT, at + 12) == SCM_RIGHTS) {
                for (long fd = at + CMSG_HEAD; fd + 4 <= at + length; fd += 4) {
                    descriptors[count++] = control.get(ValueLayout.JAVA_INT, fd);
                }
            }
            at += align(length);
        }
    }

    /** Whether descriptors were thrown away by the kernel, because this process may open no more. */
    public boolean truncated() {
        return (header.get(ValueLayout.JAVA_INT, MSGHDR_FLAGS) & Posix.MSG_CTRUNC) != 0;
    }

    public int descriptors() {
        return count;
    }

    public int descriptor(int index) {
        return descriptors[index];
    }

    public MemorySegment bytes() {
        return bytes;
    }

    private static long align(long length) {
        return (length + 7) & ~7L;
    }
}
