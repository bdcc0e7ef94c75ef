package drover.admin.cli;

import drover.admin.shared.Console;
import drover.admin.supervision.FarmFile;
import drover.admin.supervision.FarmFile.Entry;
import drover.admin.supervision.FarmFile.SlotEntry;
import drover.admin.supervision.RunDirectory;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.Wanted;
import drover.engine.stats.Region;
import drover.engine.stats.RegionReader;
import drover.engine.stats.RegionReader.Counts;
import drover.engine.stats.RegionReader.SeatReading;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Shows the processes of a farm, from its files and its region: admin may be down. */
@Command(
        name = "status",
        description = "Shows the master and the workers. Exit code 0 if all are up, 1 if not.",
        footer = FarmOptions.HELP)
final class StatusCommand implements Callable<Integer> {

    private static final int ALL_UP = 0;
    private static final int NOT_ALL_UP = 1;

    @Mixin
    private FarmOptions options = new FarmOptions();

    @Option(names = "-o", paramLabel = "FORMAT", description = "json, or text (the default).", defaultValue = "text")
    private String format = "text";

    @Override
    public Integer call() throws IOException {
        var directory = options.runDirectory();
        var farm = FarmFile.in(directory);
        if (farm.isEmpty()) {
            Console.say(
                    format.equals("json")
                            ? "{\"running\":false}"
                            : "Nothing runs with run-directory " + directory.path() + ".");
            return NOT_ALL_UP;
        }
        var rows = rows(
                farm.get(), new RegionReader(Region.openToRead(directory.path().resolve("region"))));
        boolean allUp = farm.get().master().filter(Entry::isAlive).isPresent()
                && rows.stream().allMatch(row -> row.state() == SlotState.UP);
        if (format.equals("json")) {
            Console.say(json(directory, farm.get(), rows, allUp));
        } else {
            print(directory, farm.get(), rows);
        }
        return allUp ? ALL_UP : NOT_ALL_UP;
    }

    /** One worker as the table shows it. */
    record Row(int slot, SlotState state, Optional<Long> pid, Duration uptime, long connections, long requests) {}

    private static List<Row> rows(FarmFile farm, RegionReader region) {
        return farm.slots().stream()
                .filter(slot -> slot.wanted() != Wanted.GONE
                        || slot.processes().stream().anyMatch(Entry::isAlive))
                .map(slot -> row(slot, region))
                .toList();
    }

    private static Row row(SlotEntry slot, RegionReader region) {
        var seats = IntStream.range(0, 2)
                .mapToObj(seat -> region.seat(slot.slot(), seat))
                .toList();
        var living = slot.processes().stream().filter(Entry::isAlive).toList();
        var serving = living.stream().findFirst();
        long requests = seats.stream()
                .map(SeatReading::counts)
                .mapToLong(Counts::requests)
                .sum();
        long connections = seats.stream()
                .filter(seat -> living.stream().anyMatch(process -> process.pid() == seat.pid()))
                .map(SeatReading::counts)
                .mapToLong(Counts::connections)
                .sum();
        return new Row(
                slot.slot(),
                serving.map(Entry::state).orElse(slot.state()),
                serving.map(Entry::pid),
                serving.map(process -> Duration.between(Instant.ofEpochMilli(process.startedAtMillis()), Instant.now()))
                        .orElse(Duration.ZERO),
                connections,
                requests);
    }

    private static void print(RunDirectory directory, FarmFile farm, List<Row> rows) {
        Console.say("admin   "
                + directory.holder().map(pid -> "up, pid " + pid).orElse("down; the farm serves without it"));
        Console.say("master  "
                + farm.master()
                        .filter(Entry::isAlive)
                        .map(master -> "up, pid " + master.pid() + ", listening on " + String.join(", ", farm.listen()))
                        .orElse("down"));
        Console.say("");
        Console.say("worker  state      pid      uptime      connections  requests");
        rows.forEach(row -> Console.say("%-7d %-10s %-8s %-11s %-12d %d"
                .formatted(
                        row.slot(),
                        row.state(),
                        row.pid().map(String::valueOf).orElse("-"),
                        uptime(row.uptime()),
                        row.connections(),
                        row.requests())));
    }

    private static String uptime(Duration uptime) {
        return uptime.toHours() > 0
                ? "%dh %02dm".formatted(uptime.toHours(), uptime.toMinutesPart())
                : "%dm %02ds".formatted(uptime.toMinutes(), uptime.toSecondsPart());
    }

    private static String json(RunDirectory directory, FarmFile farm, List<Row> rows, boolean allUp) {
        var status = new LinkedHashMap<String, Object>();
        status.put("running", true);
        status.put("allUp", allUp);
        status.put("adminPid", directory.holder());
        status.put("masterPid", farm.master().filter(Entry::isAlive).map(Entry::pid));
        status.put("listen", farm.listen());
        status.put(
                "workers",
                rows.stream()
                        .map(row -> Map.of(
                                "slot", row.slot(),
                                "state", row.state(),
                                "pid", row.pid(),
                                "uptimeSeconds", row.uptime().toSeconds(),
                                "connections", row.connections(),
                                "requests", row.requests()))
                        .toList());
        return JsonMapper.builder().build().writeValueAsString(status);
    }
}
