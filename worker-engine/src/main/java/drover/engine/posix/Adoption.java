package drover.engine.posix;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;

/**
 * Turns a descriptor that was received or opened by a system call into a channel: the only class that does. Java has no
 * public way, so it uses the constructor the JDK itself uses, opened by {@code Add-Opens} in the jar's manifest, and
 * {@link #check} says at start whether this JDK still has it. The channel owns the descriptor from then on.
 */
public final class Adoption {

    private static final VarHandle FD;
    private static final MethodHandle NEW_SOCKET_CHANNEL;
    private static final MethodHandle SOCKET_NUMBER;
    private static final VarHandle FILE_DESCRIPTOR;

    static {
        try {
            var lookup = MethodHandles.lookup();
            FD = MethodHandles.privateLookupIn(FileDescriptor.class, lookup)
                    .findVarHandle(FileDescriptor.class, "fd", int.class);
            var channel = Class.forName("sun.nio.ch.SocketChannelImpl");
            NEW_SOCKET_CHANNEL = MethodHandles.privateLookupIn(channel, lookup)
                    .findConstructor(
                            channel,
                            MethodType.methodType(
                                    void.class,
                                    SelectorProvider.class,
                                    ProtocolFamily.class,
                                    FileDescriptor.class,
                                    SocketAddress.class))
                    .asType(MethodType.methodType(
                            SocketChannel.class,
                            SelectorProvider.class,
                            ProtocolFamily.class,
                            FileDescriptor.class,
                            SocketAddress.class));
            var selectable = Class.forName("sun.nio.ch.SelChImpl");
            SOCKET_NUMBER = MethodHandles.privateLookupIn(selectable, lookup)
                    .findVirtual(selectable, "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, SocketChannel.class));
            var file = Class.forName("sun.nio.ch.FileChannelImpl");
            FILE_DESCRIPTOR =
                    MethodHandles.privateLookupIn(file, lookup).findVarHandle(file, "fd", FileDescriptor.class);
        } catch (ReflectiveOperationException | RuntimeException refused) {
            throw new ExceptionInInitializerError(refused);
        }
    }

    private Adoption() {}

    /** A connected TCP socket as a channel. */
    public static SocketChannel tcp(int fd, SocketAddress peer) {
        return socketChannel(StandardProtocolFamily.INET, fd, peer);
    }

    /** A connected UNIX socket as a channel, of whatever type: a selector does not mind, only do not read it here. */
    public static SocketChannel unix(int fd) {
        return socketChannel(StandardProtocolFamily.UNIX, fd, /* peer= */ null);
    }

    /** An open file as a channel to read from. */
    @SuppressWarnings("resource") // the channel closes the stream it stands for
    public static FileChannel file(int fd) {
        return new FileInputStream(descriptor(fd)).getChannel();
    }

    private static SocketChannel socketChannel(
            StandardProtocolFamily family, int fd, @org.jspecify.annotations.Nullable SocketAddress peer) {
        try {
            return (SocketChannel) NEW_SOCKET_CHANNEL.invokeExact(
                    SelectorProvider.provider(), (ProtocolFamily) family, descriptor(fd), peer);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot adopt descriptor " + fd, failure);
        }
    }

    /** The descriptor of a channel, whoever made it; good as long as the caller knows the channel to be open. */
    public static int number(SocketChannel channel) {
        try {
            return (int) SOCKET_NUMBER.invokeExact(channel);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot tell the descriptor of " + channel, failure);
        }
    }

    /** The descriptor of an open file; good as long as the caller knows the channel to be open. */
    public static int number(FileChannel channel) {
        return (int) FD.get((FileDescriptor) FILE_DESCRIPTOR.get(channel));
    }

    private static FileDescriptor descriptor(int fd) {
        var descriptor = new FileDescriptor();
        FD.set(descriptor, fd);
        return descriptor;
    }

    /** Sends bytes through an adopted pair of sockets: what fails here would fail with every connection later. */
    public static void check() {
        try {
            var pair = new int[2];
            int result = Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_STREAM, pair);
            if (result < 0) {
                throw new AdoptionUnsupported("no socket pair, errno " + -result, null);
            }
            try (var one = unix(pair[0]);
                    var other = unix(pair[1])) {
                byte[] sent = {'d', 'r', 'o', 'v', 'e', 'r'};
                one.write(ByteBuffer.wrap(sent));
                if (number(one) != pair[0]) {
                    throw new AdoptionUnsupported("a channel has another descriptor than it was made of", null);
                }
                var received = ByteBuffer.allocate(sent.length);
                other.read(received);
                if (!Arrays.equals(sent, received.array())) {
                    throw new AdoptionUnsupported("bytes did not arrive", null);
                }
            }
        } catch (AdoptionUnsupported unsupported) {
            throw unsupported;
        } catch (Exception | LinkageError failure) {
            throw new AdoptionUnsupported(String.valueOf(failure), failure);
        }
    }
}
