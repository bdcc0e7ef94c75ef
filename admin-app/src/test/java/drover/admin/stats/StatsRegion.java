package drover.admin.stats;

import drover.admin.supervision.SlotState;
import drover.admin.supervision.SlotView;
import drover.admin.supervision.SlotView.WorkerProcess;
import drover.admin.supervision.Wanted;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import drover.engine.stats.Seat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A real region of two loops and two named virtual hosts, in which a test counts as workers do. */
public final class StatsRegion {

    private final Path file;
    private final Region region;

    public StatsRegion(Path directory) throws IOException {
        file = directory.resolve("region");
        region = Region.create(file, new RegionLayout(2, 3));
    }

    /** The seat of a worker with this pid. */
    public Seat take(int slot, int seat, long pid) {
        region.reserve(slot);
        return Seat.take(region, slot, seat, pid, 1, /* meters= */ true);
    }

    /** To be read as admin and the command line do. */
    public RegionReader reader() throws IOException {
        return new RegionReader(Region.openToRead(file));
    }

    /** A slot with a process in seat 0, or with none. */
    public static SlotView slot(int number, long... pid) {
        var processes = Arrays.stream(pid)
                .mapToObj(its -> new WorkerProcess(0, SlotState.UP, 1, its, Instant.EPOCH, false))
                .toList();
        return new SlotView(
                number,
                Wanted.UP,
                processes.isEmpty() ? SlotState.VACANT : SlotState.UP,
                List.copyOf(processes),
                Map.of(),
                "");
    }
}
