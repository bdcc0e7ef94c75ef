package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A configuration that comes as a ConfigMap does: a link to a link to a directory, which is swapped as a whole. */
class ConfigWatchIT {

    private static final String CONFIG = """
            drover:
              listen: 127.0.0.1:0
              document-root: DIR/sites
              workers: 1
              admin:
                reload-on-change: true
            """;

    private Path directory = Path.of("");
    private RunningDrover drover;
    private ApiClient api;
    private int versions;

    @BeforeEach
    void mount() throws Exception {
        directory = RunningDrover.newDirectory();
        Files.createDirectory(directory.resolve("..1"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(directory.resolve("drover.yml"), Path.of("..data/drover.yml"));
        versions = 1;
        drover = RunningDrover.startConfigured(directory, CONFIG);
        api = ApiClient.signedIn(drover);
    }

    @AfterEach
    void stop() throws Exception {
        drover.close();
    }

    @Test
    void is_taken_up_when_the_link_is_swapped_and_what_cannot_be_used_is_refused_once() throws Exception {
        int generation = generation();

        swap(CONFIG.replace("workers: 1", "workers: 2"));
        await().atMost(RunningDrover.PATIENCE).until(() -> generation() == generation + 1);
        await().atMost(RunningDrover.PATIENCE)
                .until(() -> api.json("/api/v1/status")
                        .path("health")
                        .path("sentence")
                        .asString()
                        .equals("Both workers are up."));
        var runs = api.json("/api/v1/config/history").path(0);

        assertThat(runs.path("actor").asString()).isEqualTo("file");
        assertThat(runs.path("origin").asString()).isEqualTo("reload");

        swap(CONFIG.replace("workers: 1", "worker: 3"));
        await().atMost(RunningDrover.PATIENCE).until(() -> refusals() == 1);
        swap(CONFIG);
        await().atMost(RunningDrover.PATIENCE).until(() -> generation() == generation + 2);

        assertThat(refusals()).isEqualTo(1);
        assertThat(ApiClient.fetch(drover.site("/")).statusCode()).isEqualTo(200);
    }

    /** As the kubelet does it: the new files in a directory of their own, then one rename. */
    private void swap(String config) throws IOException {
        versions++;
        var next = Files.createDirectory(directory.resolve(".." + versions));
        Files.writeString(next.resolve("drover.yml"), config.replace("DIR", directory.toString()));
        var link = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private int generation() throws IOException, InterruptedException {
        return api.json("/api/v1/config").path("generation").asInt();
    }

    private long refusals() throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/events?limit=1000").spliterator(), false)
                .filter(ConfigWatchIT::isRefusalOfFile)
                .count();
    }

    private static boolean isRefusalOfFile(JsonNode event) {
        return event.path("kind").asString().equals("command-refused")
                && event.path("actor").asString().equals("file");
    }
}
