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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One event loop's connection to the master: accepted descriptors come in here, straight into the thread that serves
 * them, and go back when the loop drains. It is a channel for the loop's selector and is read with recvmsg. Owned by that
 * loop.
 */
public final class Lane {

    /** Messages taken in one go, so that a flood of new connections leaves time for the old ones. */
    private static final int MAX_MESSAGES_PER_TURN = 4;

    /** Opens a lane to whatever master there is. */
    public interface Connector {
        Lane connect() throws IOException;
    }

    public static final int MOST_GIVEN_BACK = LaneProtocol.MAX_RECORDS;

    private final int fd;
    private final SocketChannel channel;
    private final DescriptorMessage message;
    private boolean ended;
    /** Connections that came on this lane. */
    private int taken;

    private boolean ackDue;

    private Lane(int fd, SocketChannel channel, DescriptorMessage message) {
        this.fd = fd;
        this.channel = channel;
        this.message = message;
    }

    /** Memory for the messages of a loop's lanes, one after the other. */
    public static DescriptorMessage message() {
        return new DescriptorMessage(
                LaneProtocol.MESSAGE_HEAD + LaneProtocol.MAX_RECORDS * LaneProtocol.RECORD_SIZE,
                LaneProtocol.MAX_RECORDS * LaneProtocol.MAX_DESCRIPTORS);
    }

    /**
     * Connects and says hello; the welcome comes through the listener.
     *
     * @throws IOException if the master does not listen there
     */
    public static Lane connect(Path socket, int slot, int seat, int loop, DescriptorMessage message)
            throws IOException {
        int fd = Posix.socket(Posix.AF_UNIX, Posix.SOCK_SEQPACKET);
        if (fd < 0) {
            throw new IOException("cannot open a lane: errno " + -fd);
        }
        int connected = Posix.connect(fd, socket);
        if (connected < 0) {
            Posix.close(fd);
            throw new IOException("cannot connect a lane to " + socket + ": errno " + -connected);
        }
        return over(fd, slot, seat, loop, message);
    }

    /** Says hello on a connected socket, and owns it. */
    public static Lane over(int fd, int slot, int seat, int loop, DescriptorMessage message) throws IOException {
        var channel = Adoption.unix(fd);
        channel.configureBlocking(false);
        var lane = new Lane(fd, channel, message);
        check(Posix.send(
                fd,
                ByteBuffer.allocate(LaneProtocol.HELLO_SIZE)
                        .order(ByteOrder.nativeOrder())
                        .putInt(LaneProtocol.HELLO)
                        .putInt(0)
                        .putInt(LaneProtocol.VERSION)
                        .putInt(slot)
                        .putInt(seat)
                        .putInt(loop)
                        .array()));
        return lane;
    }

    public SelectionKey register(Selector selector, Object attachment) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, attachment);
    }

    /** Asks the master to send no more; it answers with the drain message. */
    public void leave() throws IOException {
        check(say(LaneProtocol.LEAVE, 0));
    }

    /** Brings the master the listening sockets that the last one left in custody. */
    public void bring(int[] listeners) throws IOException {
        head(LaneProtocol.CUSTODY, listeners.length);
        check(message.send(fd, LaneProtocol.MESSAGE_HEAD, listeners));
    }

    /**
     * Gives connections back, at most {@link #MOST_GIVEN_BACK}. They stay this loop's until the master says that it took
     * them; until then nobody must read from them.
     *
     * @return false if the lane has no room just now
     */
    public boolean giveBack(List<Handover> connections) throws IOException {
        head(LaneProtocol.RETURN, connections.size());
        for (int i = 0; i < connections.size(); i++) {
            put(message.bytes(), LaneProtocol.MESSAGE_HEAD + (long) i * LaneProtocol.RECORD_SIZE, connections.get(i));
        }
        var descriptors = connections.stream()
                .flatMapToInt(connection -> Arrays.stream(connection.descriptors()))
                .toArray();
        int length = LaneProtocol.MESSAGE_HEAD + connections.size() * LaneProtocol.RECORD_SIZE;
        return check(message.send(fd, length, descriptors));
    }

    static void put(MemorySegment bytes, long at, Handover connection) {
        var peer = connection.accepted().peer();
        byte[] address = peer.getAddress().getAddress();
        bytes.set(
                JAVA_LONG,
                at + LaneProtocol.RECORD_SEQUENCE,
                connection.accepted().sequence());
        bytes.set(
                JAVA_LONG,
                at + LaneProtocol.RECORD_ACCEPTED_AT,
                connection.accepted().acceptedAtNanos());
        bytes.asSlice(at + LaneProtocol.RECORD_ADDRESS, 16).fill((byte) 0);
        MemorySegment.copy(address, 0, bytes, JAVA_BYTE, at + LaneProtocol.RECORD_ADDRESS, address.length);
        bytes.set(JAVA_SHORT, at + LaneProtocol.RECORD_FAMILY, (short) (address.length == 4 ? 4 : 6));
        bytes.set(JAVA_SHORT, at + LaneProtocol.RECORD_PORT, (short) peer.getPort());
        bytes.set(JAVA_SHORT, at + LaneProtocol.RECORD_DESCRIPTORS, (short) connection.descriptors().length);
        bytes.set(JAVA_SHORT, at + LaneProtocol.RECORD_STAGE, (short)
                connection.stage().number());
        bytes.set(JAVA_LONG, at + LaneProtocol.RECORD_SINCE, connection.sinceNanos());
    }

    private void head(int type, int count) {
        message.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, type);
        message.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_COUNT, count);
    }

    private long say(int type, int count) {
        return Posix.send(
                fd,
                ByteBuffer.allocate(LaneProtocol.MESSAGE_HEAD)
                        .order(ByteOrder.nativeOrder())
                        .putInt(type)
                        .putInt(count)
                        .array());
    }

    private static boolean check(long sent) throws IOException {
        if (sent < 0 && sent != -Posix.EAGAIN && sent != -Posix.ETOOMANYREFS) {
            throw new IOException("cannot send on a lane: errno " + -sent);
        }
        return sent >= 0;
    }

    // ---- what comes

    /** Takes what has arrived. */
    public void receive(LaneListener listener) throws IOException {
        for (int i = 0; i < MAX_MESSAGES_PER_TURN && !ended; i++) {
            long length = message.receive(fd);
            if (length == -Posix.EAGAIN) {
                break;
            }
            if (length == -Posix.EINTR || length == -Posix.ECONNRESET) {
                continue; // a reset says only that the master read not all; what it sent is still there
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
        acknowledge();
    }

    private void take(long length, LaneListener listener) throws IOException {
        int type = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_TYPE);
        int count = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_COUNT);
        switch (type) {
            case LaneProtocol.WELCOME -> listener.welcomed();
            case LaneProtocol.DISPATCH -> dispatch(count, length, listener);
            case LaneProtocol.DRAIN -> {
                ackDue = true;
                listener.drain(Drain.of(count));
            }
            case LaneProtocol.ASK -> ackDue = true;
            case LaneProtocol.TOOK -> listener.took(count);
            case LaneProtocol.ROOM -> listener.room();
            case LaneProtocol.REBALANCE -> listener.rebalance(count);
            case LaneProtocol.CUSTODY -> listener.custody(descriptors(0, message.descriptors()));
            case LaneProtocol.REFUSED -> listener.refused();
            default -> {
                closeDescriptors(0);
                throw new IOException("a message of type " + type + " on a lane");
            }
        }
    }

    /** Says what was taken, if the master has asked and there is room to say it; otherwise later. */
    public void acknowledge() {
        if (ackDue && !ended) {
            ackDue = say(LaneProtocol.ACK, taken) == -Posix.EAGAIN;
        }
    }

    private void dispatch(int count, long length, LaneListener listener) throws IOException {
        int arrived = message.descriptors();
        if (count < 1
                || count > LaneProtocol.MAX_RECORDS
                || length != LaneProtocol.MESSAGE_HEAD + (long) count * LaneProtocol.RECORD_SIZE) {
            closeDescriptors(0);
            throw new IOException("a dispatch of " + count + " records in " + length + " bytes on a lane");
        }
        taken += count;
        int next = 0;
        int complete = 0;
        for (; complete < count; complete++) {
            long at = LaneProtocol.MESSAGE_HEAD + (long) complete * LaneProtocol.RECORD_SIZE;
            int own = message.bytes().get(JAVA_SHORT, at + LaneProtocol.RECORD_DESCRIPTORS);
            if (own < 1 || own > Math.min(LaneProtocol.MAX_DESCRIPTORS, arrived - next)) {
                break;
            }
            give(at, descriptors(next, next + own), listener);
            next += own;
        }
        closeDescriptors(next);
        if (complete < count) {
            listener.lost(count - complete);
        }
    }

    private void give(long at, int[] descriptors, LaneListener listener) {
        var stage = Stage.of(message.bytes().get(JAVA_SHORT, at + LaneProtocol.RECORD_STAGE));
        if (stage == Stage.NEW) {
            listener.accepted(descriptors[0], record(at));
        } else {
            long since = message.bytes().get(JAVA_LONG, at + LaneProtocol.RECORD_SINCE);
            listener.handedOver(new Handover(record(at), stage, since, descriptors));
        }
    }

    private int[] descriptors(int from, int to) {
        return IntStream.range(from, to).map(message::descriptor).toArray();
    }

    private void closeDescriptors(int from) {
        for (int i = from; i < message.descriptors(); i++) {
            Posix.close(message.descriptor(i));
        }
    }

    private Accepted record(long at) {
        MemorySegment bytes = message.bytes();
        var address = new byte[bytes.get(JAVA_SHORT, at + LaneProtocol.RECORD_FAMILY) == 4 ? 4 : 16];
        MemorySegment.copy(bytes, JAVA_BYTE, at + LaneProtocol.RECORD_ADDRESS, address, 0, address.length);
        int port = Short.toUnsignedInt(bytes.get(JAVA_SHORT, at + LaneProtocol.RECORD_PORT));
        return new Accepted(
                bytes.get(JAVA_LONG, at + LaneProtocol.RECORD_SEQUENCE),
                bytes.get(JAVA_LONG, at + LaneProtocol.RECORD_ACCEPTED_AT),
                Accepted.peer(address, port));
    }

    private void end(LaneListener listener) {
        ended = true;
        listener.ended();
    }

    /** Closes it; to the master this means that the loop takes nothing more. */
    public void close() throws IOException {
        ended = true;
        channel.close();
    }
}
