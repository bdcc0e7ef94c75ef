package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.config.ClientsConfig;
import drover.engine.stats.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a loop does that has as many connections as it may have. */
class CrowdTest {

    /** Nearly full with fifteen. */
    private static final Capacity SIXTEEN = new Capacity(16, 16);

    private static final int FEW_ENOUGH = 15;

    @TempDir
    Path directory;

    private final List<SlowClient> clients = new ArrayList<>();
    private RunningLoop loop;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(
                Files.createDirectories(directory.resolve("sites/default")).resolve("small.txt"), "small");
        loop = new RunningLoop(directory, "crowd", ClientsConfig.DIRECT, SIXTEEN);
        for (int i = 0; i < FEW_ENOUGH; i++) {
            isServed(connect());
        }
        await().atMost(RunningLoop.PATIENCE).until(() -> loop.counted(Counter.CONNECTIONS_IDLE) == FEW_ENOUGH);
    }

    @AfterEach
    void stop() throws IOException {
        for (var client : clients) {
            client.close();
        }
        loop.close();
    }

    private SlowClient connect() throws IOException {
        var client = new SlowClient(loop.master(), clients.size() + 1);
        clients.add(client);
        return client;
    }

    private static void isServed(SlowClient client) throws IOException {
        assertThat(client.get("/small.txt").code()).isEqualTo(200);
    }

    @Test
    void the_one_that_is_idle_longest_makes_room_for_a_new_one() throws IOException {
        isServed(clients.get(0));

        isServed(connect());

        assertThat(clients.get(1).isGone()).isTrue();
        isServed(clients.get(0));
        assertThat(loop.counted(Counter.CONNECTIONS_RECLAIMED)).isEqualTo(1);
        assertThat(loop.counted(Counter.CONNECTIONS_IDLE)).isEqualTo(FEW_ENOUGH);
    }

    @Test
    void one_that_made_room_in_the_turn_in_which_it_asked_is_gone_all_the_same() throws Exception {
        var turn = new CountDownLatch(1);
        loop.loop().execute(() -> await().atMost(RunningLoop.PATIENCE).until(() -> turn.getCount() == 0));
        var added = connect();
        clients.get(0).send(SlowClient.request("GET", "/small.txt"));
        turn.countDown();

        isServed(added);

        assertThat(clients.get(0).isGone()).isTrue();
        isServed(clients.get(1));
        assertThat(loop.counted(Counter.CONNECTIONS_RECLAIMED)).isEqualTo(1);
        assertThat(loop.counted(Counter.CONNECTIONS_IDLE)).isEqualTo(FEW_ENOUGH);
    }
}
