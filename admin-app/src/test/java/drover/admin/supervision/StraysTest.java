package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import drover.admin.supervision.FarmFile.SlotEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StraysTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_worker_that_was_started_and_not_written_down_is_found_in_its_slot() throws Exception {
        var run = new RunDirectory(directory);
        var config = run.workerConfig(3).toString();
        var stray = start("worker-engine.jar", "--config", config, "--slot", "2", "--seat", "1");
        var foreign = start("worker-engine.jar", "--config", "/elsewhere/x", "--slot", "2", "--seat", "1");
        try {
            var farm = Strays.gathered(farm(), run);

            assertThat(farm.slots().get(0).processes()).isEmpty();
            assertThat(farm.slots().get(1).processes()).singleElement().satisfies(found -> {
                assertThat(found.pid()).isEqualTo(stray.pid());
                assertThat(found.seat()).isEqualTo(1);
                assertThat(found.edition()).isEqualTo(7);
                assertThat(found.generation()).isEqualTo(3);
                assertThat(found.isAlive()).isTrue();
            });
            assertThat(Strays.gathered(farm, run)).isEqualTo(farm);
        } finally {
            stray.destroyForcibly();
            foreign.destroyForcibly();
        }
    }

    /** A process that does nothing and has these words on its command line. */
    private static Process start(String... words) throws Exception {
        var command = new java.util.ArrayList<>(List.of("bash", "-c", "read; true", "bash"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).start();
        await().until(() -> ProcessIdentity.of(process.pid())
                .filter(identity -> identity.commandNames("--slot"))
                .isPresent());
        return process;
    }

    private static FarmFile farm() {
        return new FarmFile(List.of(), 1, 2, 2, 3, Optional.empty(), List.of(slot(1), slot(2)), List.of(), List.of());
    }

    private static SlotEntry slot(int number) {
        return new SlotEntry(number, Wanted.UP, 7, SlotState.VACANT, "", List.of(), Map.of());
    }
}
