package drover.engine.lane;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import drover.engine.posix.Adoption;
import drover.engine.posix.DescriptorMessage;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * One event loop's connection to the master: accepted descriptors come in here, straight into the thread that serves
 * them. It is a channel for the loop's selector and is read with recvmsg. Owned by that loop.
 */
public final class Lane {

    /** Messages taken in one go, so that a flood of new connections leaves time for the old ones. */
    private static final int MAX_MESSAGES_PER_TURN = 4;

    private final int fd;
    private final SocketChannel channel;
    private final DescriptorMessage message = new DescriptorMessage(
            LaneProtocol.MESSAGE_HEAD + LaneProtocol.MAX_RECORDS * LaneProtocol.RECORD_SIZE, LaneProtocol.MAX_RECORDS);
    private boolean ended;

    private Lane(int fd, SocketChannel channel) {
        this.fd = fd;
        this.channel = channel;
    }

    /**
     * Connects and says hello; the welcome comes through the listener.
     *
     * @throws IOException if the master does not listen there
     */
    public static Lane connect(Path socket, int slot, int seat, int loop) throws IOException {
        int fd = Posix.socket(Posix.AF_UNIX, Posix.SOCK_SEQPACKET);
        if (fd < 0) {
            throw new IOException("cannot open a lane: errno " + -fd);
        }
        int connected = Posix.connect(fd, socket);
        if (connected < 0) {
            Posix.close(fd);
            throw new IOException("cannot connect a lane to " + socket + ": errno " + -connected);
        }
        return over(fd, slot, seat, loop);
    }

    /** Says hello on a connected socket, and owns it. */
    public static Lane over(int fd, int slot, int seat, int loop) throws IOException {
        var channel = Adoption.unix(fd);
        channel.configureBlocking(false);
        var lane = new Lane(fd, channel);
        lane.send(ByteBuffer.allocate(LaneProtocol.HELLO_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(LaneProtocol.HELLO)
                .putInt(0)
                .putInt(LaneProtocol.VERSION)
                .putInt(slot)
                .putInt(seat)
                .putInt(loop)
                .array());
        return lane;
    }

    public SelectionKey register(Selector selector, Object attachment) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, attachment);
    }

    /** Asks the master to send no more; it answers with the drain message. */
    public void leave() throws IOException {
        if (!ended) {
            send(ByteBuffer.allocate(LaneProtocol.MESSAGE_HEAD)
                    .order(ByteOrder.nativeOrder())
                    .putInt(LaneProtocol.LEAVE)
                    .putInt(0)
                    .array());
        }
    }

    private void send(byte[] message) throws IOException {
        long sent = Posix.send(fd, message);
        if (sent < 0) {
            throw new IOException("cannot send on a lane: errno " + -sent);
        }
    }

    /** Takes what has arrived. */
    public void receive(LaneListener listener) throws IOException {
        for (int i = 0; i < MAX_MESSAGES_PER_TURN && !ended; i++) {
            long length = message.receive(fd);
            if (length == -Posix.EAGAIN) {
                return;
            }
            if (length == -Posix.EINTR) {
                continue;
            }
            if (length <= 0) {
                end(listener);
                return;
            }
            if (length < LaneProtocol.MESSAGE_HEAD) {
                throw new IOException("a message of " + length + " bytes on a lane");
            }
            take(length, listener);
        }
    }

    private void take(long length, LaneListener listener) throws IOException {
        int type = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_TYPE);
        switch (type) {
            case LaneProtocol.WELCOME -> listener.welcomed();
            case LaneProtocol.DISPATCH -> dispatch(length, listener);
            case LaneProtocol.DRAIN -> end(listener);
            default -> throw new IOException("a message of type " + type + " on a lane");
        }
    }

    private void dispatch(long length, LaneListener listener) throws IOException {
        int count = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_COUNT);
        int arrived = message.descriptors();
        if (count < 1
                || count > LaneProtocol.MAX_RECORDS
                || length != LaneProtocol.MESSAGE_HEAD + (long) count * LaneProtocol.RECORD_SIZE) {
            closeDescriptors(0);
            throw new IOException("a dispatch of " + count + " records in " + length + " bytes on a lane");
        }
        for (int i = 0; i < Math.min(count, arrived); i++) {
            listener.accepted(message.descriptor(i), record(i));
        }
        closeDescriptors(count);
        if (arrived < count) {
            listener.lost(count - arrived);
        }
    }

    private void closeDescriptors(int from) {
        for (int i = from; i < message.descriptors(); i++) {
            Posix.close(message.descriptor(i));
        }
    }

    private Accepted record(int index) {
        MemorySegment bytes = message.bytes();
        long at = LaneProtocol.MESSAGE_HEAD + (long) index * LaneProtocol.RECORD_SIZE;
        var address = new byte[bytes.get(JAVA_SHORT, at + LaneProtocol.RECORD_FAMILY) == 4 ? 4 : 16];
        MemorySegment.copy(bytes, JAVA_BYTE, at + LaneProtocol.RECORD_ADDRESS, address, 0, address.length);
        int port = Short.toUnsignedInt(bytes.get(JAVA_SHORT, at + LaneProtocol.RECORD_PORT));
        return new Accepted(
                bytes.get(JAVA_LONG, at + LaneProtocol.RECORD_SEQUENCE),
                bytes.get(JAVA_LONG, at + LaneProtocol.RECORD_ACCEPTED_AT),
                Accepted.peer(address, port));
    }

    /** Takes nothing more, whatever still comes. */
    public void end(LaneListener listener) {
        ended = true;
        listener.drain();
    }

    /** Whether nothing can come any more. */
    public boolean ended() {
        return ended;
    }

    /** Closes it; to the master this means that the loop takes nothing more. */
    public void close() throws IOException {
        ended = true;
        channel.close();
    }
}
