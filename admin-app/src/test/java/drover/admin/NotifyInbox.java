package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What a service manager hears on: a UNIX datagram socket at a path. */
final class NotifyInbox implements AutoCloseable {

    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final short POLLIN = 1;
    private static final int ADDRESS_SIZE = 110;
    private static final int MOST_BYTES = 4096;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final String address;

    NotifyInbox(Path path) {
        this.address = path.toString();
        fd = (int) call("socket", 1, SOCK_DGRAM_CLOEXEC, 0, MemorySegment.NULL, 0);
        assertThat(fd).isNotNegative();
        var name = arena.allocate(ADDRESS_SIZE);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        name.asSlice(2).copyFrom(MemorySegment.ofArray(address.getBytes(StandardCharsets.UTF_8)));
        assertThat(call("bind", fd, name.address(), ADDRESS_SIZE, MemorySegment.NULL, 0))
                .isZero();
    }

    /** As {@code NOTIFY_SOCKET} says it. */
    String address() {
        return address;
    }

    /** The next message. */
    String next(Duration patience) {
        var poll = arena.allocate(8);
        poll.set(ValueLayout.JAVA_INT, 0, fd);
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        assertThat(call("poll", poll.address(), 1, patience.toMillis(), MemorySegment.NULL, 0))
                .as("a message on " + address + " within " + patience)
                .isEqualTo(1);
        var buffer = arena.allocate(MOST_BYTES);
        int length = (int) call("recvfrom", fd, buffer.address(), MOST_BYTES, MemorySegment.NULL, 0);
        assertThat(length).isPositive();
        return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** The next message that has a line, past others. */
    String next(String line, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var message = next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            if (message.lines().anyMatch(line::equals)) {
                return message;
            }
        }
    }

    /** All of them take integers and addresses, at most six. */
    private static long call(String name, long first, long second, long third, MemorySegment fourth, long fifth) {
        var linker = Linker.nativeLinker();
        var handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG));
        try {
            return (int) handle.invokeExact(first, second, third, fourth, fifth, 0L);
        } catch (Throwable failure) {
            throw new AssertionError(name, failure);
        }
    }

    @Override
    public void close() {
        call("close", fd, 0, 0, MemorySegment.NULL, 0);
        arena.close();
    }
}
