package drover.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The few calls of the C library that Java does not offer. As in C, a call returns what it returns in C, or the negative
 * errno; callers decide what is an error. Safe from any thread. See the man pages of section 2 for each name.
 */
public final class Posix {

    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
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

    private static final long CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final long IPC_PRIVATE = 0;
    private static final long IPC_CREAT = 01000;
    private static final long IPC_RMID = 0;
    private static final long IPC_STAT = 2;
    private static final long SHM_NORESERVE = 010000;
    private static final long SHM_RDONLY = 010000;
    private static final long SHMID_DS_SIZE = 112;
    /** Behind struct ipc_perm, on 64-bit Linux. */
    private static final long SHMID_DS_SEGSZ = 48;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int AT_FDCWD = -100;
    private static final long O_RDONLY = 0;
    private static final long O_RDWR = 0x2;
    private static final long O_CREAT = 0x40;
    private static final long O_NOCTTY = 0x100;
    private static final long O_APPEND = 0x400;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int MFD_CLOEXEC = 1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int RWF_NOWAIT = 0x8;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /** A file system on another machine asks there, as it does when a file is opened. */
    private static final int AT_STATX_FORCE_SYNC = 0x2000;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CORK = 3;

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

    private static final long SIG_IGN = 1;

    /** A path and the zero behind it, as long as the kernel takes one. */
    private static final int PATH_SIZE = 4096;

    /** Behind the greatest of what lies before it, a struct statx. */
    private static final long PATH_OFFSET = FileStatus.STATX_SIZE;

    private static final long SCRATCH_SIZE = PATH_OFFSET + PATH_SIZE;

    /** struct open_how: flags, mode, resolve, 64 bits each. */
    private static final int OPEN_HOW_SIZE = 24;

    /** Native memory of each thread for what a call reads or writes beside its buffers. */
    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.global().allocate(SCRATCH_SIZE, 8));

    private static final MemorySegment MALLOC = Libc.function("malloc");
    private static final MemorySegment FREE = Libc.function("free");
    private static final MemorySegment SOCKET = Libc.function("socket");
    private static final MemorySegment SOCKETPAIR = Libc.function("socketpair");
    private static final MemorySegment CONNECT = Libc.function("connect");
    private static final MemorySegment RECVMSG = Libc.function("recvmsg");
    private static final MemorySegment SENDMSG = Libc.function("sendmsg");
    private static final MemorySegment MEMFD_CREATE = Libc.function("memfd_create");
    private static final MemorySegment WRITE = Libc.function("write");
    private static final MemorySegment SEND = Libc.function("send");
    private static final MemorySegment SENDFILE = Libc.function("sendfile");
    private static final MemorySegment SETSOCKOPT = Libc.function("setsockopt");
    private static final MemorySegment CLOSE = Libc.function("close");
    private static final MemorySegment SIGNAL = Libc.function("signal");
    private static final MemorySegment WRITEV = Libc.function("writev");
    private static final MemorySegment PREAD = Libc.function("pread");
    private static final MemorySegment PREADV2 = Libc.function("preadv2");
    private static final MemorySegment FTRUNCATE = Libc.function("ftruncate");
    private static final MemorySegment FLOCK = Libc.function("flock");
    private static final MemorySegment STATX = Libc.function("statx");
    private static final MemorySegment GETDENTS = Libc.function("getdents64");
    private static final MemorySegment POLL = Libc.function("poll");
    private static final MemorySegment SETPRIORITY = Libc.function("setpriority");
    private static final MemorySegment CLOCK_GETTIME = Libc.function("clock_gettime");
    private static final MemorySegment SHMGET = Libc.function("shmget");
    private static final MemorySegment SHMAT = Libc.function("shmat");
    private static final MemorySegment SHMCTL = Libc.function("shmctl");
    private static final MemorySegment SYSCALL = Libc.function("syscall");

    private Posix() {}

    /** Memory outside of the heap, with whatever lies in it, until {@link #free}; empty if there is none. */
    public static Optional<ByteBuffer> allocate(int size) {
        long address = Libc.call(MALLOC, Math.max(size, 1L));
        return address == 0 || address == -ENOMEM
                ? Optional.empty()
                : Optional.of(MemorySegment.ofAddress(address).reinterpret(size).asByteBuffer());
    }

    /** Gives back what {@link #allocate} returned, once; nobody may read it any more. */
    public static void free(ByteBuffer allocated) {
        Libc.call(FREE, MemorySegment.ofBuffer(allocated.duplicate().clear()).address());
    }

    /** A new socket, close-on-exec. */
    public static int socket(int domain, int type) {
        return Libc.callInt(SOCKET, domain, type | SOCK_CLOEXEC, 0);
    }

    /** Two connected sockets, close-on-exec, into {@code pair}. */
    public static int socketpair(int domain, int type, int[] pair) {
        var out = SCRATCH.get();
        int result = Libc.callInt(SOCKETPAIR, domain, type | SOCK_CLOEXEC, 0, out.address());
        pair[0] = out.getAtIndex(ValueLayout.JAVA_INT, 0);
        pair[1] = out.getAtIndex(ValueLayout.JAVA_INT, 1);
        return result;
    }

    /** Connects to a UNIX socket. */
    public static int connect(int fd, Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= SOCKADDR_UN_SIZE - 2) {
            return -ENAMETOOLONG;
        }
        var address = SCRATCH.get();
        address.asSlice(0, SOCKADDR_UN_SIZE).fill((byte) 0);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
        return Libc.callInt(CONNECT, fd, address.address(), SOCKADDR_UN_SIZE);
    }

    /** Receives into a native msghdr. */
    static long recvmsg(int fd, MemorySegment message, int flags) {
        return Libc.call(RECVMSG, fd, message.address(), flags);
    }

    /** Sends a native msghdr. */
    static long sendmsg(int fd, MemorySegment message, int flags) {
        return Libc.call(SENDMSG, fd, message.address(), flags);
    }

    /** A new file in memory with this content, close-on-exec; or the negative errno. */
    public static int memoryFile(String name, byte[] content) {
        try (var arena = Arena.ofConfined()) {
            return memoryFile(
                    name, arena.allocateFrom(ValueLayout.JAVA_BYTE, content).asByteBuffer());
        }
    }

    /** The same of a direct buffer, all of it. */
    public static int memoryFile(String name, ByteBuffer content) {
        int fd;
        try (var arena = Arena.ofConfined()) {
            fd = Libc.callInt(MEMFD_CREATE, arena.allocateFrom(name).address(), MFD_CLOEXEC);
        }
        if (fd < 0) {
            return fd;
        }
        long written = Libc.call(WRITE, fd, address(content), content.remaining());
        if (written == content.remaining()) {
            return fd;
        }
        close(fd);
        return written < 0 ? (int) written : -ENOSPC;
    }

    /** Sends a short message, copied to native memory. */
    public static long send(int fd, byte[] message) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            return Libc.call(SEND, fd, bytes.address(), message.length, MSG_NOSIGNAL);
        }
    }

    /** Sends a direct buffer from its position on and moves the position behind what was sent. */
    public static long send(int fd, ByteBuffer buffer, int flags) {
        long sent = Libc.call(SEND, fd, address(buffer), buffer.remaining(), flags | MSG_NOSIGNAL);
        if (sent > 0) {
            buffer.position(buffer.position() + (int) sent);
        }
        return sent;
    }

    /** Sends a stretch of a file to a socket; where other readers of the file are does not matter. */
    public static long sendfile(int socket, int file, long position, long count) {
        var place = SCRATCH.get();
        place.set(ValueLayout.JAVA_LONG, 0, position);
        return Libc.call(SENDFILE, socket, file, place.address(), count);
    }

    /**
     * Has a TCP socket send full packets only, tcp(7), or no longer: then what it kept back goes out at once. In between
     * the kernel keeps it back for at most 200 ms.
     */
    public static int cork(int socket, boolean on) {
        var value = SCRATCH.get();
        value.set(ValueLayout.JAVA_INT, 0, on ? 1 : 0);
        return Libc.callInt(
                SETSOCKOPT, socket, IPPROTO_TCP, TCP_CORK, value.address(), ValueLayout.JAVA_INT.byteSize());
    }

    /** Closes a descriptor. On Linux it is closed even when an error is returned, so never call twice. */
    public static int close(int fd) {
        return Libc.callInt(CLOSE, fd);
    }

    /** Lets the kernel drop a signal, whatever handler the JVM had installed. */
    public static void ignoreSignal(int signal) {
        if (Libc.call(SIGNAL, signal, SIG_IGN, 0) < 0) {
            throw new IllegalStateException("cannot ignore signal " + signal);
        }
    }

    /** Opens a directory only to resolve paths beneath it. */
    public static int openDirectory(Path directory) {
        return openat2(AT_FDCWD, directory.toString(), O_PATH | O_CLOEXEC, 0, 0);
    }

    /** The same of one beneath another, and no further away than {@link #openBeneath} goes. */
    public static int openDirectoryBeneath(int directory, String path) {
        return openat2(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /**
     * Opens a file to read it, in one kernel operation that never leaves the directory: an absolute symbolic link, or
     * one that points above it, is {@code -EXDEV}. A FIFO does not block; look at what kind of file it is.
     */
    public static int openBeneath(int directory, String path) {
        return openat2(directory, path, O_NONBLOCK | O_CLOEXEC, 0, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    }

    /** Opens a file to append to it, and makes it with this mode if there is none. */
    public static int openToAppend(Path path, int mode) {
        return openat2(AT_FDCWD, path.toString(), O_RDWR | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, mode, 0);
    }

    /** Opens a file or a directory to lock it. */
    public static int openToLock(Path path) {
        return openat2(AT_FDCWD, path.toString(), O_RDONLY | O_CLOEXEC, 0, 0);
    }

    /** Writes two direct buffers with one call and moves their positions behind what was written. */
    public static long write(int fd, ByteBuffer first, ByteBuffer second) {
        var vectors = SCRATCH.get();
        vectors.setAtIndex(ValueLayout.JAVA_LONG, 0, address(first));
        vectors.setAtIndex(ValueLayout.JAVA_LONG, 1, first.remaining());
        vectors.setAtIndex(ValueLayout.JAVA_LONG, 2, address(second));
        vectors.setAtIndex(ValueLayout.JAVA_LONG, 3, second.remaining());
        long written = Libc.call(WRITEV, fd, vectors.address(), 2);
        if (written > 0) {
            int ofFirst = (int) Math.min(written, first.remaining());
            first.position(first.position() + ofFirst);
            second.position(second.position() + (int) (written - ofFirst));
        }
        return written;
    }

    /** The byte at a place of a file, or a negative errno; −ENXIO if there is none. */
    public static int byteAt(int fd, long at) {
        var octet = SCRATCH.get();
        long read = Libc.call(PREAD, fd, octet.address(), 1, at);
        return read == 1 ? octet.get(ValueLayout.JAVA_BYTE, 0) & 0xff : read == 0 ? -ENXIO : (int) read;
    }

    /**
     * Reads the byte at a place of a file, which nobody looks at, if that needs no waiting for a disk, preadv2(2):
     * {@code -EAGAIN} if it does, {@code -EOPNOTSUPP} where the file system cannot say.
     */
    public static long probe(int fd, long at) {
        var vector = SCRATCH.get();
        vector.setAtIndex(ValueLayout.JAVA_LONG, 0, vector.address() + 2 * Long.BYTES);
        vector.setAtIndex(ValueLayout.JAVA_LONG, 1, 1);
        // The offset is one argument on 64-bit machines; the flags are the fifth.
        return Libc.call(PREADV2, fd, vector.address(), 1, at, RWF_NOWAIT, 0);
    }

    /** Reads a stretch of a file into a direct buffer, from its beginning; what it reads, or a negative errno. */
    public static long read(int fd, ByteBuffer into, long at) {
        try {
            return Libc.call(PREAD, fd, address(into), into.remaining(), at);
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    public static int truncate(int fd, long length) {
        return Libc.callInt(FTRUNCATE, fd, length);
    }

    /**
     * Takes the exclusive lock of an open file without waiting, flock(2): it belongs to what was opened, not to the
     * process, and ends with its last descriptor, however that ends.
     */
    public static int tryLock(int fd) {
        return Libc.callInt(FLOCK, fd, LOCK_EX | LOCK_NB);
    }

    public static int unlock(int fd) {
        return Libc.callInt(FLOCK, fd, LOCK_UN);
    }

    /** Reads entries of an open directory, as many as there is room for: how many bytes of them, 0 at the end. */
    static long getdents(int fd, MemorySegment entries) {
        return Libc.call(GETDENTS, fd, entries.address(), entries.byteSize());
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
        if (path.length >= PATH_SIZE) {
            return Optional.empty();
        }
        var scratch = SCRATCH.get();
        int result =
                Libc.callInt(STATX, directory, pathIn(scratch, path), flags, FileStatus.STATX_MASK, scratch.address());
        return result < 0 ? Optional.empty() : Optional.of(FileStatus.of(scratch));
    }

    /** Whether a write would not have to wait, if nobody else is quicker. */
    public static boolean isWritable(int fd) {
        // struct pollfd: a descriptor of four bytes, events asked for and found of two each
        var poll = SCRATCH.get();
        poll.set(ValueLayout.JAVA_INT, 0, fd);
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLOUT);
        poll.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
        return Libc.callInt(POLL, poll.address(), 1, 0) != 0;
    }

    /** Gives the calling thread (on Linux, not its process) the lowest priority. */
    public static void lowerPriority() {
        Libc.callInt(SETPRIORITY, 0, 0, 19);
    }

    private static int openat2(int directory, String path, long flags, long mode, long resolve) {
        var name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_SIZE) {
            return -ENAMETOOLONG;
        }
        var how = SCRATCH.get();
        how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags);
        how.setAtIndex(ValueLayout.JAVA_LONG, 1, mode);
        how.setAtIndex(ValueLayout.JAVA_LONG, 2, resolve);
        return (int) Libc.call(SYSCALL, SYS_OPENAT2, directory, pathIn(how, name), how.address(), OPEN_HOW_SIZE, 0);
    }

    /** Writes a path into its place in the scratch memory, which leaves the beginning to others; its address. */
    private static long pathIn(MemorySegment scratch, byte[] path) {
        MemorySegment.copy(path, 0, scratch, ValueLayout.JAVA_BYTE, PATH_OFFSET, path.length);
        scratch.set(ValueLayout.JAVA_BYTE, PATH_OFFSET + path.length, (byte) 0);
        return scratch.address() + PATH_OFFSET;
    }

    /** Where a direct buffer's position is. */
    private static long address(ByteBuffer buffer) {
        return MemorySegment.ofBuffer(buffer).address();
    }

    /** Processor time that this process has taken so far, in nanoseconds. */
    public static long processorNanos() {
        try (var arena = Arena.ofConfined()) {
            var time = arena.allocate(16, 8);
            if (Libc.callInt(CLOCK_GETTIME, CLOCK_PROCESS_CPUTIME_ID, time.address()) < 0) {
                throw new IllegalStateException("clock_gettime knows no clock of the process");
            }
            return time.get(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND + time.get(ValueLayout.JAVA_LONG, 8);
        }
    }

    // ---- shared memory, shmget(2), shmop(2), shmctl(2)

    /** A new segment of so many zeros, for this user only: its number, or the negative errno. */
    public static int sharedMemory(long bytes) {
        return Libc.callInt(SHMGET, IPC_PRIVATE, bytes, IPC_CREAT | SHM_NORESERVE | 0600);
    }

    /** How large a segment is, or the negative errno. */
    public static long sharedMemoryBytes(int id) {
        try (var arena = Arena.ofConfined()) {
            var status = arena.allocate(SHMID_DS_SIZE, 8);
            int failed = Libc.callInt(SHMCTL, id, IPC_STAT, status.address());
            return failed < 0 ? failed : status.get(ValueLayout.JAVA_LONG, SHMID_DS_SEGSZ);
        }
    }

    /** Where a segment lies in this process from now on, or the negative errno. */
    public static long attachSharedMemory(int id, boolean writable) {
        return Libc.call(SHMAT, id, 0, writable ? 0 : SHM_RDONLY);
    }

    /** Has a segment go with the last process that has attached it. */
    public static void removeSharedMemory(int id) {
        Libc.callInt(SHMCTL, id, IPC_RMID, 0);
    }
}
