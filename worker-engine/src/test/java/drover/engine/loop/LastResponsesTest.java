package drover.engine.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.engine.config.ClientsConfig;
import drover.engine.lane.Drain;
import drover.engine.stats.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to responses that the kernel has taken when nobody goes on after this loop, as when a container ends. */
class LastResponsesTest {

    @TempDir
    Path directory;

    private final byte[] file = new byte[300_000];
    private RunningLoop worker;
    private SlowClient client;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(file);
        var site = Files.createDirectories(directory.resolve("sites/default"));
        Files.write(site.resolve("file.bin"), file);
        Files.write(site.resolve("small.txt"), "small".getBytes(ISO_8859_1));
        worker = new RunningLoop(directory, "last", ClientsConfig.DIRECT);
        client = new SlowClient(worker.master(), 1);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        worker.close();
    }

    @Test
    void a_client_gets_the_end_of_a_response_that_lies_in_buffers_when_all_is_to_end() throws IOException {
        client.send(SlowClient.request("GET", "/file.bin"));
        var begin = text(client.part(file.length - 8_000));
        await("all is written")
                .atMost(RunningLoop.PATIENCE)
                .until(() -> !worker.lines().isEmpty());

        drain();

        await("it waits for the client").atMost(RunningLoop.PATIENCE).until(this::lingers);
        assertThat(begin + text(client.rest())).endsWith(text(file));
        client.close();
        worker.awaitDone();
    }

    @Test
    void a_response_that_ends_while_all_is_to_end_waits_for_its_client() throws IOException {
        client.send(SlowClient.request("GET", "/file.bin", "Connection: close"));
        client.awaitAnswer();
        drain();
        await("it drains").atMost(RunningLoop.PATIENCE).until(worker.loop()::isDraining);

        var begin = text(client.part(file.length - 8_000));

        await("it waits for the client").atMost(RunningLoop.PATIENCE).until(this::lingers);
        assertThat(begin + text(client.rest())).endsWith(text(file));
        client.close();
        worker.awaitDone();
    }

    @Test
    void a_client_that_has_its_answers_and_does_not_close_is_not_waited_for() throws IOException {
        assertThat(client.get("/small.txt").code()).isEqualTo(200);

        drain();

        worker.awaitDone();
        assertThat(client.rest()).isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private void drain() {
        worker.loop().execute(() -> worker.loop().drain(Drain.ALONE));
    }

    /** All is written and logged, and nothing is read: what is left is to wait for the client's end. */
    private boolean lingers() {
        return !worker.lines().isEmpty()
                && worker.counted(Counter.CONNECTIONS_WRITING) == 1
                && worker.counted(Counter.CONNECTIONS_IDLE) == 0;
    }
}
