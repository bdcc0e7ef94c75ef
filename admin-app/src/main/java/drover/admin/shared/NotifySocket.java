package drover.admin.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * The socket on which a service manager hears of its service, see sd_notify(3): each message is one datagram. Java has no
 * UNIX datagrams of its own.
 *
 * <pre>
 *   sockaddr_un, unix(7)
 *   offset  bytes  field
 *        0      2  sun_family   AF_UNIX
 *        2    108  sun_path     a path; or 0 and a name that is in no file system, written with @ in its place
 * </pre>
 */
public final class NotifySocket {

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    /** MSG_NOSIGNAL, and MSG_DONTWAIT: nobody here waits for a service manager that does not read. */
    private static final int FLAGS = 0x4000 | 0x40;

    private static final int PATH_OFFSET = 2;
    private static final int PATH_SIZE = 108;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET = function(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SENDTO = function(
            "sendto",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final String address;

    /** One at a path, or with a name that begins with {@code @}, as {@code NOTIFY_SOCKET} says it. */
    public NotifySocket(String address) {
        this.address = address;
    }

    /** Sends one message, lines of {@code NAME=value}. @throws IOException if nobody takes it there */
    public void send(String message) throws IOException {
        var name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_SIZE || !(address.startsWith("/") || address.startsWith("@"))) {
            throw new IOException("cannot notify " + address + ": it is no path of a socket");
        }
        var text = message.getBytes(StandardCharsets.UTF_8);
        try (var arena = Arena.ofConfined()) {
            var errno = arena.allocate(ERRNO);
            var to = arena.allocate(PATH_OFFSET + PATH_SIZE);
            to.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(name, 0, to, ValueLayout.JAVA_BYTE, PATH_OFFSET, name.length);
            if (name[0] == '@') {
                to.set(ValueLayout.JAVA_BYTE, PATH_OFFSET, (byte) 0);
            }
            int fd = (int) SOCKET.invokeExact(errno, (int) AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            check(fd, "socket", errno);
            try {
                var data = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
                check(
                        (long) SENDTO.invokeExact(
                                errno, fd, data, (long) text.length, FLAGS, to, PATH_OFFSET + name.length),
                        "sendto",
                        errno);
            } finally {
                int _ = (int) CLOSE.invokeExact(errno, fd);
            }
        } catch (IOException | RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void check(long result, String call, MemorySegment errno) throws IOException {
        if (result < 0) {
            throw new IOException(
                    "cannot notify " + address + ": " + call + ", errno=" + (int) ERRNO_VALUE.get(errno, 0L));
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }
}
