package drover.admin;

import static drover.admin.ApiClient.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/** A worker that cannot start: a jar that holds no program. */
class CrashLoopIT {

    @Test
    void a_broken_jar_costs_five_starts_and_no_request_and_is_mended_by_a_start() throws Exception {
        try (var drover = RunningDrover.startInstalled()) {
            var api = ApiClient.signedIn(drover);
            var jar = drover.path("installed/target/dist/lib/worker-engine.jar");
            var good = Files.copy(jar, drover.path("good.jar"));
            replace(jar, brokenJar(drover.path("broken.jar")));
            var visitor = Visitor.who(drover.site("/"), /* keepAlive= */ false);
            var old = api.worker(2).path("pid").asLong();

            var restart = accepted(api.post("/api/v1/workers/2/restart"));
            api.awaitEnd(restart, "FAILED");
            assertThat(api.json(restart).path("detail").asString())
                    .startsWith("the process ended before it was ready: ")
                    .contains("no main manifest attribute");
            assertThat(api.worker(2).path("pid").asLong()).isEqualTo(old);

            RunningDrover.signal("KILL", old);
            await().atMost(RunningDrover.PATIENCE)
                    .until(() -> api.worker(2).path("state").asString().equals("FAILED"));
            int before = visitor.whole();
            await().atMost(RunningDrover.PATIENCE).until(() -> visitor.whole() > before + 20);
            var failed = api.worker(2);
            assertThat(failed.path("restarts").path("crash").asInt()).isEqualTo(5);
            assertThat(failed.path("detail").asString()).startsWith("Five crashes within a minute; ");
            assertThat(Files.readAllLines(drover.path("log/admin.log")))
                    .filteredOn(line -> line.contains("worker started slot=2"))
                    .hasSizeLessThanOrEqualTo(1 + 6);

            replace(jar, good);
            api.awaitEnd(accepted(api.post("/api/v1/workers/2/start")), "DONE");
            visitor.stop();
            assertThat(api.worker(2).path("state").asString()).isEqualTo("UP");
            assertThat(visitor.broken()).isEmpty();
            assertThat(visitor.unanswered()).isLessThanOrEqualTo(1); // on the connection that the killed worker had
        }
    }

    /** By a rename: never into a file that running processes have open. */
    private static void replace(Path file, Path by) throws IOException {
        Files.move(by, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path brokenJar(Path file) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.finish();
        }
        return file;
    }
}
