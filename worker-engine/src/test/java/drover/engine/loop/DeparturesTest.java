package drover.engine.loop;

import static drover.engine.loop.SlowClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.config.ClientsConfig;
import drover.engine.lane.Drain;
import drover.engine.lane.Stage;
import drover.engine.stats.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a loop hands back, and what becomes of it by what the master says. */
class DeparturesTest {

    @TempDir
    Path directory;

    private final List<SlowClient> clients = new ArrayList<>();
    private RunningLoop old;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(directory.resolve("sites/default"));
        Files.write(directory.resolve("sites/default/small.txt"), new byte[10]);
        Files.write(directory.resolve("sites/default/large.bin"), new byte[8 << 20]);
        old = new RunningLoop(directory, "old", ClientsConfig.DIRECT);
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        old.close();
    }

    private SlowClient connect() throws IOException {
        var client = new SlowClient(old.master(), clients.size() + 1);
        clients.add(client);
        return client;
    }

    private SlowClient idle() throws IOException {
        var client = connect();
        assertThat(client.get("/small.txt").code()).isEqualTo(200);
        return client;
    }

    private SlowClient downloading() throws IOException {
        var client = connect();
        client.send(request("GET", "/large.bin"));
        client.awaitAnswer();
        return client;
    }

    private SlowClient withHalfAHead() throws IOException {
        var client = connect();
        client.send("GET /small.txt HTTP/1.1\r\nHo");
        await("it is read").atMost(RunningLoop.PATIENCE).until(() -> old.counted(Counter.CONNECTIONS_READING) == 1);
        return client;
    }

    private void isServed(SlowClient client) throws IOException {
        assertThat(client.get("/small.txt").code()).isEqualTo(200);
    }

    @Test
    void a_loop_that_drains_hands_back_connections_of_every_stage() throws IOException {
        idle();
        withHalfAHead();
        downloading();

        old.master().drain(Drain.SCALE);
        var returned = old.master().returned();

        assertThat(returned.stages()).containsExactly(Stage.IDLE, Stage.HEAD, Stage.RESPONSE);
        assertThat(returned.descriptors()).hasSize(1 + 2 + 3);
        old.master().took(3);
        old.master().room();
        old.awaitDone();
        assertThat(old.counted(Counter.HANDED_OVER_SCALE)).isEqualTo(2);
        assertThat(old.counted(Counter.HANDED_OVER_SCALE_TRANSFER)).isEqualTo(1);
        assertThat(old.lines()).hasSize(1); // the idle one's
    }

    @Test
    void what_the_master_did_not_take_is_served_on_and_handed_back_when_there_is_room() throws IOException {
        idle();
        var second = idle();
        var third = downloading();
        old.master().drain(Drain.RESTART);
        old.master().returned();

        old.master().took(1);
        isServed(second);

        assertThat(third.response("GET").body()).hasSize(8 << 20);
        assertThat(old.counted(Counter.HANDED_OVER_RESTART)).isEqualTo(1);
        old.master().room();
        assertThat(old.master().returned().stages()).containsExactly(Stage.IDLE, Stage.IDLE);
        old.master().took(2);
        old.master().room();
        old.awaitDone();
    }

    @Test
    void nobody_reads_what_was_handed_back_until_the_master_has_spoken() throws IOException {
        var client = idle();
        old.master().drain(Drain.RESTART);
        old.master().returned();

        client.send(request("GET", "/small.txt"));
        old.master().took(0);

        assertThat(client.response("GET").code()).isEqualTo(200);
        assertThat(old.lines()).hasSize(2);
        old.master().drain(Drain.ALONE);
        old.master().room();
    }

    @Test
    void a_loop_with_more_than_its_share_hands_back_idle_ones_only() throws IOException {
        withHalfAHead();
        idle();
        var stays = idle();
        idle();

        old.master().rebalance(2);
        var returned = old.master().returned();
        old.master().took(2);
        old.master().room();

        assertThat(returned.stages()).containsExactly(Stage.IDLE, Stage.IDLE);
        isServed(stays);
        assertThat(old.counted(Counter.HANDED_OVER_REBALANCE)).isEqualTo(2);
        assertThat(old.counted(Counter.CONNECTIONS_IDLE)).isEqualTo(1);
    }

    @Test
    void the_surplus_is_taken_evenly_from_those_that_sleep_and_those_that_are_busy() throws IOException {
        idle();
        var second = idle();
        idle();
        var fourth = idle();

        old.master().rebalance(2);
        old.master().returned();
        old.master().took(2);
        old.master().room();

        isServed(second);
        isServed(fourth);
        assertThat(old.counted(Counter.CONNECTIONS_IDLE)).isEqualTo(2);
    }

    @Test
    void one_that_is_being_served_leaves_when_it_is_idle() throws IOException {
        idle();
        var download = downloading();

        old.master().rebalance(2);
        assertThat(old.master().returned().stages()).containsExactly(Stage.IDLE);
        old.master().took(1);
        old.master().room();

        assertThat(download.response("GET").body()).hasSize(8 << 20);
        assertThat(old.master().returned().stages()).containsExactly(Stage.IDLE);
        old.master().took(1);
        old.master().room();
        await().untilAsserted(() ->
                assertThat(old.counted(Counter.HANDED_OVER_REBALANCE)).isEqualTo(2));
    }

    @Test
    void a_large_surplus_does_not_spare_those_that_are_busy() throws IOException {
        idle();
        var second = idle();
        idle();
        idle();
        var busy = idle();

        old.master().rebalance(4);
        var returned = old.master().returned();
        old.master().took(4);
        old.master().room();

        assertThat(returned.stages()).hasSize(4);
        isServed(second);
        busy.send(request("GET", "/small.txt"));
        assertThat(old.counted(Counter.CONNECTIONS_IDLE)).isEqualTo(1);
        assertThat(old.counted(Counter.HANDED_OVER_REBALANCE)).isEqualTo(4);
    }

    @Test
    void without_a_master_all_that_was_handed_back_is_finished_here() throws IOException {
        var idle = idle();
        var download = downloading();
        old.master().drain(Drain.RESTART);
        old.master().returned();

        old.master().close();

        assertThat(idle.get("/small.txt").field("connection")).isEqualTo("close");
        assertThat(download.response("GET").body()).hasSize(8 << 20);
        download.close();
        old.awaitDone();
    }
}
