package drover.engine.lane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.awaitility.Awaitility.await;

import drover.engine.posix.DescriptorMessage;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The master's end of a lane, in the hands of a test: it says only what it is told to say. */
public final class MasterEnd implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int fd;
    private final int workers;
    /** What was heard last. */
    private final DescriptorMessage message = Lane.message();

    private final DescriptorMessage own = Lane.message();
    private final List<Integer> owned = new ArrayList<>();

    private MasterEnd(int fd, int workers) {
        this.fd = fd;
        this.workers = workers;
        owned.add(fd);
    }

    /** A lane whose other end no worker has yet. */
    public static MasterEnd open() {
        var pair = new int[2];
        int failed = Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_SEQPACKET | Posix.SOCK_NONBLOCK, pair);
        if (failed < 0) {
            throw new IllegalStateException("no socket pair, errno " + -failed);
        }
        return new MasterEnd(pair[0], pair[1]);
    }

    /** What a worker connects with, once. */
    public Lane connect() throws IOException {
        return Lane.over(workers, 1, 0, 0, Lane.message());
    }

    /** What the worker said. Its descriptors are closed with this end. */
    public record Said(int type, int count, List<Stage> stages, List<Integer> descriptors) {

        public boolean isHello() {
            return type == LaneProtocol.HELLO;
        }

        public boolean isReturn() {
            return type == LaneProtocol.RETURN;
        }

        public boolean isCustody() {
            return type == LaneProtocol.CUSTODY;
        }

        /** What a descriptor is open on. */
        public Path file(int index) throws IOException {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptors.get(index)));
        }
    }

    /** Waits for the next message. */
    public Said heard() {
        await("the worker says something").atMost(PATIENCE).until(this::receives);
        int count = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_COUNT);
        int type = message.bytes().get(JAVA_INT, LaneProtocol.MESSAGE_TYPE);
        var descriptors = IntStream.range(0, message.descriptors())
                .mapToObj(message::descriptor)
                .toList();
        owned.addAll(descriptors);
        var stages = type == LaneProtocol.RETURN
                ? IntStream.range(0, count).mapToObj(this::stage).toList()
                : List.<Stage>of();
        return new Said(type, count, stages, descriptors);
    }

    /** Whether a message has come; the next {@link #heard} must not follow then. */
    private boolean receives() {
        long length = message.receive(fd);
        if (length != -Posix.EAGAIN && length < LaneProtocol.MESSAGE_HEAD) {
            throw new IllegalStateException("a message of " + length);
        }
        return length > 0;
    }

    private Stage stage(int index) {
        return Stage.of(message.bytes().get(JAVA_SHORT, at(index) + LaneProtocol.RECORD_STAGE));
    }

    private static long at(int index) {
        return LaneProtocol.MESSAGE_HEAD + (long) index * LaneProtocol.RECORD_SIZE;
    }

    /** Waits for what the worker hands back, passing over what else it says. */
    public Said returned() {
        var said = heard();
        while (!said.isReturn()) {
            said = heard();
        }
        return said;
    }

    /** Passes the RETURN on that was {@link #returned} last, as the master does. */
    public void passOn(Said said, MasterEnd other) {
        message.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, LaneProtocol.DISPATCH);
        int length = (int) at(said.count());
        check(message.send(
                other.fd,
                length,
                said.descriptors().stream().mapToInt(Integer::intValue).toArray()));
    }

    /** Sends connections with the descriptors that they name, which stay the caller's. */
    public void dispatch(Handover... connections) {
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, LaneProtocol.DISPATCH);
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_COUNT, connections.length);
        for (int i = 0; i < connections.length; i++) {
            Lane.put(own.bytes(), at(i), connections[i]);
        }
        check(own.send(
                fd,
                (int) at(connections.length),
                List.of(connections).stream()
                        .flatMapToInt(connection -> IntStream.of(connection.descriptors()))
                        .toArray()));
    }

    /** Says that a record has other than the descriptors that are sent with it. */
    public void dispatchClaiming(int descriptors, Handover connection) {
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, LaneProtocol.DISPATCH);
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_COUNT, 1);
        Lane.put(own.bytes(), at(0), connection);
        own.bytes().set(JAVA_SHORT, at(0) + LaneProtocol.RECORD_DESCRIPTORS, (short) descriptors);
        check(own.send(fd, (int) at(1), connection.descriptors()));
    }

    @SuppressWarnings("EnumOrdinal") // the order is the wire's
    public void drain(Drain how) {
        say(LaneProtocol.DRAIN, how.ordinal());
    }

    public void rebalance(int count) {
        say(LaneProtocol.REBALANCE, count);
    }

    public void took(int count) {
        say(LaneProtocol.TOOK, count);
    }

    public void room() {
        say(LaneProtocol.ROOM, 0);
    }

    public void custody(int... listeners) {
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, LaneProtocol.CUSTODY);
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_COUNT, listeners.length);
        check(own.send(fd, LaneProtocol.MESSAGE_HEAD, listeners));
    }

    /** Says what no master says. */
    public void nonsense() {
        say(99, 0);
    }

    private void say(int type, int count) {
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_TYPE, type);
        own.bytes().set(JAVA_INT, LaneProtocol.MESSAGE_COUNT, count);
        check(own.send(fd, LaneProtocol.MESSAGE_HEAD, new int[0]));
    }

    private static void check(long sent) {
        if (sent < 0) {
            throw new IllegalStateException("cannot send on a lane, errno " + -sent);
        }
    }

    /** The master is gone; what was handed to it is closed. */
    @Override
    public void close() {
        owned.forEach(Posix::close);
        owned.clear();
    }
}
