package drover.engine.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.posix.Posix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    private final MasterEnd master = MasterEnd.open();
    private final List<Handover> came = new ArrayList<>();
    private int lost;
    private Lane lane;

    private final LaneListener listener = new LaneListener() {
        @Override
        public void welcomed() {}

        @Override
        public void accepted(int fd, Accepted accepted) {
            came.add(new Handover(accepted, Stage.NEW, 0, new int[] {fd}));
        }

        @Override
        public void handedOver(Handover connection) {
            came.add(connection);
        }

        @Override
        public void lost(int connections) {
            lost += connections;
        }

        @Override
        public void drain(Drain how) {}

        @Override
        public void took(int connections) {}

        @Override
        public void room() {}

        @Override
        public void rebalance(int connections) {}

        @Override
        public void custody(int[] listeners) {}

        @Override
        public void refused() {}

        @Override
        public void ended() {}
    };

    @BeforeEach
    void connect() throws IOException {
        lane = master.connect();
        assertThat(master.heard().isHello()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        lane.close();
        master.close();
    }

    private static Handover handover(String address, Stage stage, int... descriptors) {
        return new Handover(
                new Accepted(1L << 40, 3, new InetSocketAddress(InetAddress.ofLiteral(address), 65_000)),
                stage,
                12_345,
                descriptors);
    }

    private static int file(String name) {
        return Posix.memoryFile(name, new byte[] {1});
    }

    /** How many descriptors of this process are of a file in memory. */
    private static long open(String name) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(fd -> isOf(fd, name)).count();
        }
    }

    private static boolean isOf(Path fd, String name) {
        try {
            return Files.readSymbolicLink(fd).toString().startsWith("/memfd:" + name);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private void receive(int messages) {
        await("what was sent has come").until(() -> {
            lane.receive(listener);
            return came.size() + lost >= messages;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "203.0.113.9", "2001:db8::7"})
    void a_connection_comes_as_it_was_handed_back(String address) throws IOException {
        int fd = file("a");
        var response = handover(address, Stage.RESPONSE, fd, fd, fd);
        var idle = handover(address, Stage.IDLE, fd);

        lane.giveBack(List.of(response, idle));
        var returned = master.returned();
        master.passOn(returned, master);
        receive(2);

        assertThat(returned.stages()).containsExactly(Stage.RESPONSE, Stage.IDLE);
        assertThat(came.get(0))
                .usingRecursiveComparison()
                .ignoringFields("descriptors")
                .isEqualTo(response);
        assertThat(came.get(1))
                .usingRecursiveComparison()
                .ignoringFields("descriptors")
                .isEqualTo(idle);
        assertThat(came.get(0).descriptors()).hasSize(3);
        assertThat(came.get(1).descriptors()).hasSize(1);
        Posix.close(fd);
        came.stream().flatMapToInt(one -> Arrays.stream(one.descriptors())).forEach(Posix::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 4, 1000})
    void a_record_whose_descriptors_are_not_there_is_lost_and_none_stays_open(int claimed) throws IOException {
        int one = file("claimed");

        master.dispatchClaiming(claimed, handover("127.0.0.1", Stage.RESPONSE, one, one));
        receive(1);

        assertThat(lost).isEqualTo(1);
        assertThat(open("claimed")).isEqualTo(1);
        Posix.close(one);
    }

    @Test
    void no_connection_has_more_than_three_descriptors() throws IOException {
        int one = file("four");

        master.dispatchClaiming(4, handover("127.0.0.1", Stage.RESPONSE, one, one, one, one));
        receive(1);

        assertThat(lost).isEqualTo(1);
        assertThat(open("four")).isEqualTo(1);
        Posix.close(one);
    }

    @Test
    void surplus_descriptors_are_closed() throws IOException {
        int one = file("surplus");

        master.dispatchClaiming(1, handover("127.0.0.1", Stage.IDLE, one, one, one));
        receive(1);

        assertThat(came).hasSize(1);
        assertThat(open("surplus")).isEqualTo(2);
        Posix.close(one);
        Posix.close(came.getFirst().descriptors()[0]);
    }
}
