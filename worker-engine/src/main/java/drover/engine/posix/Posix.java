package drover.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The few calls of the C library that Java does not offer. As in C, a call returns what it returns in C, or the negative
 * errno; callers decide what is an error. Safe from any thread. See the man pages of section 2 for each name.
 */
public final class Posix {

    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int ENOENT = 2;
    public static final int ENOTDIR = 20;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENXIO = 6;
    public static final int EXDEV = 18;
    public static final int ENOSPC = 28;
    public static final int ENAMETOOLONG = 36;
    public static final int ECONNRESET = 104;
    public static final int ETOOMANYREFS = 109;
    public static final int ELOOP = 40;
    public static final int EPERM = 1;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;
    public static final int EOPNOTSUPP = 95;

    public static final int AF_UNIX = 1;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int MSG_CTRUNC = 0x8;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    /** More follows at once: the kernel may wait for it before it makes a packet. */
    public static final int MSG_MORE = 0x8000;

    public static final int MSG_CMSG_CLOEXEC = 0x40000000;

    public static final int SIGINT = 2;
    public static final int SIGUSR1 = 10;

    public static final int STDOUT = 1;

    private static final int AT_FDCWD = -100;
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 0x2;
    private static final int O_CREAT = 0x40;
    private static final int O_NOCTTY = 0x100;
    private static final int O_APPEND = 0x400;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int MFD_CLOEXEC = 1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int RWF_NOWAIT = 0x8;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** A file system on another machine asks there, as it does when a file is opened. */
    private static final int AT_STATX_FORCE_SYNC = 0x2000;

    private static final short POLLOUT = 4;
    private static final long O_NONBLOCK = 0x800;
    private static final long O_CLOEXEC = 0x80000;
    private static final long O_PATH = 0x200000;
    private static final long O_DIRECTORY = 0x10000;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_BENEATH = 0x08;
    /** The same number on every architecture. */
    private static final long SYS_OPENAT2 = 437;

    /** struct sockaddr_un: a family of two bytes and a path of 108. */
    private static final int SOCKADDR_UN_SIZE = 110;

    /** struct open_how: flags, mode, resolve, 64 bits each. */
    private static final int OPEN_HOW_SIZE = 24;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.global().allocate(CAPTURE));

    /** Where a call reads or leaves a place in a file. */
    private static final ThreadLocal<MemorySegment> PLACE =
            ThreadLocal.withInitial(() -> Arena.global().allocate(ValueLayout.JAVA_LONG));

    private static final MethodHandle MALLOC = call("malloc", "pl");
    private static final MethodHandle FREE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    /** struct iovec of one byte that nobody looks at. */
    private static final ThreadLocal<MemorySegment> ONE_BYTE = ThreadLocal.withInitial(() -> {
        var vector = Arena.global().allocate(ValueLayout.JAVA_LONG, 3);
        vector.setAtIndex(ValueLayout.JAVA_LONG, 0, vector.address() + 2 * Long.BYTES);
        vector.setAtIndex(ValueLayout.JAVA_LONG, 1, 1);
        return vector;
    });

    private static final MethodHandle SOCKET = call("socket", "iiii");
    private static final MethodHandle SOCKETPAIR = call("socketpair", "iiiip");
    private static final MethodHandle CONNECT = call("connect", "iipi");
    private static final MethodHandle RECVMSG = call("recvmsg", "lipi");
    private static final MethodHandle SENDMSG = call("sendmsg", "lipi");
    private static final MethodHandle MEMFD_CREATE = call("memfd_create", "ipi");
    private static final MethodHandle WRITE = call("write", "lipl");
    private static final MethodHandle SEND = call("send", "lipli");
    private static final MethodHandle SENDFILE = call("sendfile", "liipl");
    private static final MethodHandle CLOSE = call("close", "ii");
    private static final MethodHandle SIGNAL = call("signal", "pip");
    private static final MethodHandle WRITEV = call("writev", "lipi");
    private static final MethodHandle PREAD = call("pread", "lipll");
    private static final MethodHandle PREADV2 = call("preadv2", "lipili");
    private static final MethodHandle FTRUNCATE = call("ftruncate", "iil");
    private static final MethodHandle FLOCK = call("flock", "iii");
    private static final MethodHandle STATX = call("statx", "iipiip");
    private static final MethodHandle GETDENTS = call("getdents64", "lipl");
    private static final MethodHandle POLL = call("poll", "ipli");
    private static final MethodHandle SETPRIORITY = call("setpriority", "iiii");
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            descriptor("ipii"),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            descriptor("llippl"),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    private Posix() {}

    /** Memory outside of the heap, with whatever lies in it, until {@link #free}; empty if there is none. */
    public static Optional<ByteBuffer> allocate(int size) {
        try {
            var address = (MemorySegment) MALLOC.invokeExact(CAPTURED.get(), Math.max(size, 1L));
            return address.equals(MemorySegment.NULL)
                    ? Optional.empty()
                    : Optional.of(address.reinterpret(size).asByteBuffer());
        } catch (Throwable failure) {
            throw unexpected("malloc", failure);
        }
    }

    /** Gives back what {@link #allocate} returned, once; nobody may read it any more. */
    public static void free(ByteBuffer allocated) {
        try {
            FREE.invokeExact(MemorySegment.ofBuffer(allocated.duplicate().clear()));
        } catch (Throwable failure) {
            throw unexpected("free", failure);
        }
    }

    /** A new socket, close-on-exec. */
    public static int socket(int domain, int type) {
        try {
            var captured = CAPTURED.get();
            return result((int) SOCKET.invokeExact(captured, domain, type | SOCK_CLOEXEC, 0), captured);
        } catch (Throwable failure) {
            throw unexpected("socket", failure);
        }
    }

    /** Two connected sockets, close-on-exec, into {@code pair}. */
    public static int socketpair(int domain, int type, int[] pair) {
        try (var arena = Arena.ofConfined()) {
            var captured = CAPTURED.get();
            var out = arena.allocate(ValueLayout.JAVA_INT, 2);
            int result = result((int) SOCKETPAIR.invokeExact(captured, domain, type | SOCK_CLOEXEC, 0, out), captured);
            pair[0] = out.getAtIndex(ValueLayout.JAVA_INT, 0);
            pair[1] = out.getAtIndex(ValueLayout.JAVA_INT, 1);
            return result;
        } catch (Throwable failure) {
            throw unexpected("socketpair", failure);
        }
    }

    /** Connects to a UNIX socket. */
    public static int connect(int fd, Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= SOCKADDR_UN_SIZE - 2) {
            return -ENAMETOOLONG;
        }
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(SOCKADDR_UN_SIZE, 2);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
            var captured = CAPTURED.get();
            return result((int) CONNECT.invokeExact(captured, fd, address, SOCKADDR_UN_SIZE), captured);
        } catch (Throwable failure) {
            throw unexpected("connect", failure);
        }
    }

    /** Receives into a native msghdr. */
    static long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            var captured = CAPTURED.get();
            return result((long) RECVMSG.invokeExact(captured, fd, message, flags), captured);
        } catch (Throwable failure) {
            throw unexpected("recvmsg", failure);
        }
    }

    /** Sends a native msghdr. */
    static long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            var captured = CAPTURED.get();
            return result((long) SENDMSG.invokeExact(captured, fd, message, flags), captured);
        } catch (Throwable failure) {
            throw unexpected("sendmsg", failure);
        }
    }

    /** A new file in memory with this content, close-on-exec; or the negative errno. */
    public static int memoryFile(String name, byte[] content) {
        try (var arena = Arena.ofConfined()) {
            var captured = CAPTURED.get();
            int fd = result((int) MEMFD_CREATE.invokeExact(captured, arena.allocateFrom(name), MFD_CLOEXEC), captured);
            if (fd < 0) {
                return fd;
            }
            var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, content);
            long written = result((long) WRITE.invokeExact(captured, fd, bytes, (long) content.length), captured);
            if (written == content.length) {
                return fd;
            }
            close(fd);
            return written < 0 ? (int) written : -ENOSPC;
        } catch (Throwable failure) {
            throw unexpected("memfd_create", failure);
        }
    }

    /** Sends a short message, copied to native memory. */
    public static long send(int fd, byte[] message) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            var captured = CAPTURED.get();
            return result((long) SEND.invokeExact(captured, fd, bytes, (long) message.length, MSG_NOSIGNAL), captured);
        } catch (Throwable failure) {
            throw unexpected("send", failure);
        }
    }

    /** Sends a direct buffer from its position on and moves the position behind what was sent. */
    public static long send(int fd, ByteBuffer buffer, int flags) {
        try {
            var captured = CAPTURED.get();
            var bytes = MemorySegment.ofBuffer(buffer);
            long sent = result(
                    (long) SEND.invokeExact(captured, fd, bytes, (long) buffer.remaining(), flags | MSG_NOSIGNAL),
                    captured);
            if (sent > 0) {
                buffer.position(buffer.position() + (int) sent);
            }
            return sent;
        } catch (Throwable failure) {
            throw unexpected("send", failure);
        }
    }

    /** Sends a stretch of a file to a socket; where other readers of the file are does not matter. */
    public static long sendfile(int socket, int file, long position, long count) {
        try {
            var captured = CAPTURED.get();
            var place = PLACE.get();
            place.set(ValueLayout.JAVA_LONG, 0, position);
            return result((long) SENDFILE.invokeExact(captured, socket, file, place, count), captured);
        } catch (Throwable failure) {
            throw unexpected("sendfile", failure);
        }
    }

    /** Closes a descriptor. On Linux it is closed even when an error is returned, so never call twice. */
    public static int close(int fd) {
        try {
            var captured = CAPTURED.get();
            return result((int) CLOSE.invokeExact(captured, fd), captured);
        } catch (Throwable failure) {
            throw unexpected("close", failure);
        }
    }

    /** Lets the kernel drop a signal, whatever handler the JVM had installed. */
    public static void ignoreSignal(int signal) {
        try {
            var ignore = MemorySegment.ofAddress(1);
            var previous = (MemorySegment) SIGNAL.invokeExact(CAPTURED.get(), signal, ignore);
            if (previous.address() == -1) {
                throw new IllegalStateException("cannot ignore signal " + signal);
            }
        } catch (Throwable failure) {
            throw unexpected("signal", failure);
        }
    }

    /** Opens a directory only to resolve paths beneath it. */
    public static int openDirectory(Path directory) {
        return openat2(AT_FDCWD, directory.toString(), O_PATH | O_CLOEXEC, 0);
    }

    /** The same of one beneath another, and no further away than {@link #openBeneath} goes. */
    public static int openDirectoryBeneath(int directory, String path) {
        return openat2(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /**
     * Opens a file to read it, in one kernel operation that never leaves the directory: an absolute symbolic link, or
     * one that points above it, is {@code -EXDEV}. A FIFO does not block; look at what kind of file it is.
     */
    public static int openBeneath(int directory, String path) {
        return openat2(directory, path, O_NONBLOCK | O_CLOEXEC, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /** Opens a file to append to it, and makes it with this mode if there is none. */
    public static int openToAppend(Path path, int mode) {
        return open(path, O_RDWR | O_CREAT | O_APPEND | O_NOCTTY | (int) O_CLOEXEC, mode);
    }

    /** Opens a file or a directory to lock it. */
    public static int openToLock(Path path) {
        return open(path, O_RDONLY | (int) O_CLOEXEC, 0);
    }

    private static int open(Path path, int flags, int mode) {
        try (var arena = Arena.ofConfined()) {
            var captured = CAPTURED.get();
            return result((int) OPEN.invokeExact(captured, arena.allocateFrom(path.toString()), flags, mode), captured);
        } catch (Throwable failure) {
            throw unexpected("open", failure);
        }
    }

    /** Writes two direct buffers with one call and moves their positions behind what was written. */
    public static long write(int fd, ByteBuffer first, ByteBuffer second) {
        try (var arena = Arena.ofConfined()) {
            var vectors = arena.allocate(ValueLayout.JAVA_LONG, 4);
            vectors.setAtIndex(
                    ValueLayout.JAVA_LONG, 0, MemorySegment.ofBuffer(first).address());
            vectors.setAtIndex(ValueLayout.JAVA_LONG, 1, first.remaining());
            vectors.setAtIndex(
                    ValueLayout.JAVA_LONG, 2, MemorySegment.ofBuffer(second).address());
            vectors.setAtIndex(ValueLayout.JAVA_LONG, 3, second.remaining());
            var captured = CAPTURED.get();
            long written = result((long) WRITEV.invokeExact(captured, fd, vectors, 2), captured);
            if (written > 0) {
                int ofFirst = (int) Math.min(written, first.remaining());
                first.position(first.position() + ofFirst);
                second.position(second.position() + (int) (written - ofFirst));
            }
            return written;
        } catch (Throwable failure) {
            throw unexpected("writev", failure);
        }
    }

    /** The byte at a place of a file, or a negative errno; −ENXIO if there is none. */
    public static int byteAt(int fd, long at) {
        try (var arena = Arena.ofConfined()) {
            var octet = arena.allocate(1);
            var captured = CAPTURED.get();
            long read = result((long) PREAD.invokeExact(captured, fd, octet, 1L, at), captured);
            return read == 1 ? octet.get(ValueLayout.JAVA_BYTE, 0) & 0xff : read == 0 ? -ENXIO : (int) read;
        } catch (Throwable failure) {
            throw unexpected("pread", failure);
        }
    }

    /**
     * Reads the byte at a place of a file, which nobody looks at, if that needs no waiting for a disk, preadv2(2):
     * {@code -EAGAIN} if it does, {@code -EOPNOTSUPP} where the file system cannot say.
     */
    public static long probe(int fd, long at) {
        try {
            var captured = CAPTURED.get();
            return result((long) PREADV2.invokeExact(captured, fd, ONE_BYTE.get(), 1, at, RWF_NOWAIT), captured);
        } catch (Throwable failure) {
            throw unexpected("preadv2", failure);
        }
    }

    /** Reads a stretch of a file into a direct buffer, from its beginning; what it reads, or a negative errno. */
    public static long read(int fd, ByteBuffer into, long at) {
        try {
            var captured = CAPTURED.get();
            return result(
                    (long) PREAD.invokeExact(captured, fd, MemorySegment.ofBuffer(into), (long) into.remaining(), at),
                    captured);
        } catch (Throwable failure) {
            throw unexpected("pread", failure);
        }
    }

    public static int truncate(int fd, long length) {
        try {
            var captured = CAPTURED.get();
            return result((int) FTRUNCATE.invokeExact(captured, fd, length), captured);
        } catch (Throwable failure) {
            throw unexpected("ftruncate", failure);
        }
    }

    /**
     * Takes the exclusive lock of an open file without waiting, flock(2): it belongs to what was opened, not to the
     * process, and ends with its last descriptor, however that ends.
     */
    public static int tryLock(int fd) {
        return flock(fd, LOCK_EX | LOCK_NB);
    }

    public static int unlock(int fd) {
        return flock(fd, LOCK_UN);
    }

    private static int flock(int fd, int operation) {
        try {
            var captured = CAPTURED.get();
            return result((int) FLOCK.invokeExact(captured, fd, operation), captured);
        } catch (Throwable failure) {
            throw unexpected("flock", failure);
        }
    }

    /** Reads entries of an open directory, as many as there is room for: how many bytes of them, 0 at the end. */
    static long getdents(int fd, MemorySegment entries) {
        try {
            var captured = CAPTURED.get();
            return result((long) GETDENTS.invokeExact(captured, fd, entries, entries.byteSize()), captured);
        } catch (Throwable failure) {
            throw unexpected("getdents64", failure);
        }
    }

    /** What an open file is; empty if the kernel refuses to say. */
    public static Optional<FileStatus> status(int fd) {
        return statx(fd, new byte[0], AT_EMPTY_PATH);
    }

    /** What lies at a path now; empty if nothing does. */
    public static Optional<FileStatus> status(Path path) {
        return statx(AT_FDCWD, path.toString().getBytes(StandardCharsets.UTF_8), 0);
    }

    /** What an entry of an open directory is, itself and not what a link leads to; empty if it is gone. */
    public static Optional<FileStatus> status(int directory, byte[] name) {
        return statx(directory, name, AT_SYMLINK_NOFOLLOW);
    }

    /** The same, or of the directory itself if the name is empty, and also another machine is asked how it is now. */
    public static Optional<FileStatus> statusNow(int directory, byte[] name) {
        return statx(directory, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_STATX_FORCE_SYNC);
    }

    private static Optional<FileStatus> statx(int directory, byte[] path, int flags) {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(FileStatus.STATX_SIZE, 8);
            var captured = CAPTURED.get();
            var name = arena.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
            int result = (int) STATX.invokeExact(captured, directory, name, flags, FileStatus.STATX_MASK, status);
            return result < 0 ? Optional.empty() : Optional.of(FileStatus.of(status));
        } catch (Throwable failure) {
            throw unexpected("statx", failure);
        }
    }

    /** Whether a write would not have to wait, if nobody else is quicker. */
    public static boolean isWritable(int fd) {
        try (var arena = Arena.ofConfined()) {
            // struct pollfd: a descriptor of four bytes, events asked for and found of two each
            var poll = arena.allocate(8, 4);
            poll.set(ValueLayout.JAVA_INT, 0, fd);
            poll.set(ValueLayout.JAVA_SHORT, 4, POLLOUT);
            return (int) POLL.invokeExact(CAPTURED.get(), poll, 1L, 0) != 0;
        } catch (Throwable failure) {
            throw unexpected("poll", failure);
        }
    }

    /** Gives the calling thread (on Linux, not its process) the lowest priority. */
    public static void lowerPriority() {
        try {
            int _ = (int) SETPRIORITY.invokeExact(CAPTURED.get(), 0, 0, 19);
        } catch (Throwable failure) {
            throw unexpected("setpriority", failure);
        }
    }

    private static int openat2(int directory, String path, long flags, long resolve) {
        try (var arena = Arena.ofConfined()) {
            var how = arena.allocate(OPEN_HOW_SIZE, 8);
            how.set(ValueLayout.JAVA_LONG, 0, flags);
            how.set(ValueLayout.JAVA_LONG, 16, resolve);
            var name = arena.allocateFrom(path);
            var captured = CAPTURED.get();
            return (int) result(
                    (long) SYSCALL.invokeExact(captured, SYS_OPENAT2, directory, name, how, (long) OPEN_HOW_SIZE),
                    captured);
        } catch (Throwable failure) {
            throw unexpected("openat2", failure);
        }
    }

    private static int result(int result, MemorySegment captured) {
        return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
    }

    private static long result(long result, MemorySegment captured) {
        return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
    }

    /** A letter for each type, the result first: int, long, pointer. */
    private static MethodHandle call(String name, String types) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor(types), Linker.Option.captureCallState("errno"));
    }

    private static FunctionDescriptor descriptor(String types) {
        var layouts = types.chars()
                .mapToObj(type -> switch (type) {
                    case 'i' -> (MemoryLayout) ValueLayout.JAVA_INT;
                    case 'l' -> ValueLayout.JAVA_LONG;
                    case 'p' -> ValueLayout.ADDRESS;
                    default -> throw new IllegalArgumentException("no type " + (char) type);
                })
                .toArray(MemoryLayout[]::new);
        var arguments = Arrays.copyOfRange(layouts, 1, layouts.length);
        return FunctionDescriptor.of(layouts[0], arguments);
    }

    private static IllegalStateException unexpected(String call, Throwable failure) {
        return new IllegalStateException("cannot call " + call, failure);
    }
}
