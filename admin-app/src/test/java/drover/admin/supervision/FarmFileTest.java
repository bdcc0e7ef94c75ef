package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.supervision.FarmFile.Entry;
import drover.admin.supervision.FarmFile.SlotEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FarmFileTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void what_was_written_is_read_again() throws IOException {
        var file = directory.resolve("farm.json");
        var farm = new FarmFile(
                List.of("127.0.0.1:8080"),
                2,
                3,
                4,
                5,
                Optional.of(new Entry(0, SlotState.UP, 0, 0, 10, 11, 12)),
                List.of(new SlotEntry(
                        1,
                        Wanted.STOPPED,
                        5,
                        SlotState.DRAINING,
                        "",
                        List.of(new Entry(1, SlotState.DRAINING, 4, 6, 20, 21, 22)),
                        Map.of("crash", 3L))),
                List.of(new Operation(
                        "id",
                        Operation.Action.ROLLING_RESTART,
                        Optional.of(1),
                        List.of(2, 3),
                        Optional.of(new Operation.Resize(2, 3)),
                        Optional.of(new Rollout(1, 2, true, Rollout.Phase.MOVING, "found", false)),
                        new Operation.Progress(1, 4),
                        "admin",
                        Operation.State.RUNNING,
                        "",
                        Instant.EPOCH,
                        Optional.empty())),
                List.of(new OperationCount(Operation.Action.SCALE, Operation.State.ABORTED, 7)));

        farm.write(file);

        assertThat(FarmFile.read(file)).contains(farm);
    }

    @Test
    void a_damaged_file_is_as_good_as_none() throws IOException {
        var file = Files.writeString(directory.resolve("farm.json"), "{\"listen\":[\"127.0");

        assertThat(FarmFile.read(file)).isEmpty();
    }

    @Test
    void no_file_is_no_farm() {
        assertThat(FarmFile.read(directory.resolve("farm.json"))).isEmpty();
    }

    @Test
    void a_pid_that_belongs_to_another_process_now_is_not_alive() {
        var mine = ProcessHandle.current().pid();

        assertThat(new Entry(0, SlotState.UP, 0, 0, mine, 1, 0).isAlive()).isFalse();
    }
}
