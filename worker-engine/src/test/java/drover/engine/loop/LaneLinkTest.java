package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import drover.engine.lane.Accepted;
import drover.engine.lane.Drain;
import drover.engine.lane.Handover;
import drover.engine.lane.Lane;
import drover.engine.lane.LaneListener;
import drover.engine.lane.MasterEnd;
import drover.engine.posix.Posix;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneLinkTest {

    private static final long RETRY_NANOS =
            Duration.ofMillis(LaneLink.RETRY_MILLIS).toNanos();
    private static final long LATER = 10 * RETRY_NANOS;

    private final MasterEnd first = MasterEnd.open();
    private final MasterEnd second = MasterEnd.open();
    private final Queue<MasterEnd> masters = new ArrayDeque<>(List.of(first));
    private Selector selector;
    private LaneLink link;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        link = new LaneLink(this::connect, selector);
        assertThat(first.heard().isHello()).isTrue();
    }

    private Lane connect() throws IOException {
        if (masters.isEmpty()) {
            throw new IOException("no master");
        }
        return masters.remove().connect();
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        link.letGo();
        first.close();
        second.close();
        selector.close();
    }

    /** Does with the link what an event loop does. */
    private final class Listener implements LaneListener {

        private final List<String> heard = new ArrayList<>();

        @Override
        public void welcomed() {}

        @Override
        public void accepted(int fd, Accepted accepted) {}

        @Override
        public void handedOver(Handover connection) {}

        @Override
        public void lost(int connections) {}

        @Override
        public void drain(Drain how) {
            heard.add("drain " + how);
        }

        @Override
        public void took(int connections) {}

        @Override
        public void room() {}

        @Override
        public void rebalance(int connections) {}

        @Override
        public void custody(int[] listeners) {
            link.keep(listeners);
            heard.add("custody " + listeners.length);
        }

        @Override
        public void refused() {}

        @Override
        public void ended() {
            heard.add("ended");
        }
    }

    private List<String> receive() throws IOException {
        var listener = new Listener();
        link.receive(listener);
        return listener.heard;
    }

    private void theMasterDies() throws IOException {
        first.close();
        assertThat(receive()).containsExactly("ended");
        link.close();
    }

    @Test
    void the_next_master_is_called_as_soon_as_there_is_one() throws IOException {
        theMasterDies();
        assertThat(link.isThere()).isFalse();
        assertThat(link.isAwaited()).isTrue();

        link.tend(LATER);
        masters.add(second);
        link.tend(LATER + RETRY_NANOS - 1);
        assertThat(link.isThere()).as("not before its time").isFalse();
        link.tend(LATER + RETRY_NANOS);

        assertThat(link.isThere()).isTrue();
        assertThat(link.isAwaited()).isFalse();
        assertThat(second.heard().isHello()).isTrue();
    }

    @Test
    void the_next_master_gets_the_listening_sockets_that_the_last_one_left() throws IOException {
        var socket = bringCustody();
        theMasterDies();

        masters.add(second);
        link.tend(LATER);

        assertThat(second.heard().isHello()).isTrue();
        var brought = second.heard();
        assertThat(brought.isCustody()).isTrue();
        assertThat(brought.file(0)).isEqualTo(socket);
    }

    @Test
    void newer_listening_sockets_replace_the_older_and_none_is_left_when_it_lets_go() throws IOException {
        var older = bringCustody();
        assertThat(isOpen(older)).isTrue();

        var newer = bringCustody();
        assertThat(isOpen(older)).isFalse();
        assertThat(isOpen(newer)).isTrue();

        link.letGo();
        assertThat(isOpen(newer)).isFalse();
    }

    /** The master leaves a socket that only the link has open from then on. */
    private Path bringCustody() throws IOException {
        var pair = new int[2];
        assertThat(Posix.socketpair(Posix.AF_UNIX, Posix.SOCK_STREAM, pair)).isZero();
        var socket = Files.readSymbolicLink(Path.of("/proc/self/fd/" + pair[0]));
        first.custody(pair[0]);
        assertThat(receive()).containsExactly("custody 1");
        Posix.close(pair[0]);
        Posix.close(pair[1]);
        return socket;
    }

    private static boolean isOpen(Path socket) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(fd -> socket.equals(target(fd)));
        }
    }

    private static Path target(Path fd) {
        try {
            return Files.readSymbolicLink(fd);
        } catch (IOException closedMeanwhile) {
            return fd;
        }
    }

    @Test
    void a_link_that_is_retired_calls_nobody() throws IOException {
        link.retire();
        theMasterDies();

        masters.add(second);
        link.tend(LATER);

        assertThat(link.isThere()).isFalse();
        assertThat(link.isAwaited()).isFalse();
        assertThat(masters).hasSize(1);
    }

    @Test
    void what_was_sent_before_the_end_is_still_heard() throws IOException {
        first.drain(Drain.RESTART);
        first.close();

        assertThat(receive()).containsExactly("drain RESTART", "ended");
    }

    @Test
    void nonsense_is_an_error() {
        first.nonsense();

        assertThatThrownBy(this::receive).isInstanceOf(IOException.class).hasMessageContaining("type 99");
    }

    @Test
    void without_a_lane_nothing_is_given_back_and_nobody_is_asked() throws IOException {
        theMasterDies();

        assertThat(link.giveBack(List.of())).isFalse();
        assertThat(link.leave()).isFalse();
        assertThat(receive()).isEmpty();
    }
}
