package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.KeepAliveClients;
import drover.verify.client.NewClients;
import drover.verify.client.Page;
import drover.verify.farm.AccessLogs;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Logs that are moved away while lines are written, and that rotate and compress themselves at the same time. Every request
 * has a number of its own in its query, so a line that is lost, doubled or torn is found.
 */
public final class Rotation implements Check {

    private static final int CLIENTS = 32;
    private static final int NEW_PER_SECOND = 100;
    private static final Duration THOUGHT = Duration.ofMillis(4);
    private static final int ROTATIONS = 100;
    private static final Duration QUIET_AFTER = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "rotation";
    }

    @Override
    public String rows() {
        return "X12";
    }

    @Override
    public String promise() {
        return "However often the log is rotated, there is one line for each request";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm("--drover.access-log-rotate-size=1MB", "--drover.access-log-keep=10000");
        var page = Page.write(farm.sites(), "page.bin", 1024);
        var number = new AtomicInteger();
        Supplier<Page> numbered = () -> page.with(Integer.toString(number.getAndIncrement()));

        var moved = new ArrayList<Moved>();
        try (var staying = KeepAliveClients.start(farm.address(), numbered, CLIENTS, THOUGHT);
                var coming = NewClients.start(farm.address(), numbered, NEW_PER_SECOND)) {
            stage.say(ROTATIONS + " rotations under " + CLIENTS + " clients and " + NEW_PER_SECOND
                    + " new ones a second");
            rotate(farm, stage.seconds(60, 12).dividedBy(ROTATIONS), moved);
            staying.stop();
            coming.stop();
            findings.exactly(
                    "failed requests", staying.tally().failed() + coming.tally().failed(), 0);
            findings.exactly("answers", staying.tally().ok() + coming.tally().ok(), number.get());
        }
        findings.exactly("logs moved away", moved.size(), ROTATIONS);
        findings.exactly(
                "of them still written to 1 s later",
                moved.stream().filter(Moved::grew).count(),
                0);
        judge(findings, farm, number.get());
    }

    /** A log that was moved away, and how long it was a second later. */
    private record Moved(Path file, long atNanos, long bytesThen) {

        boolean grew() {
            return file.toFile().length() != bytesThen;
        }
    }

    private static void rotate(Farm farm, Duration each, List<Moved> moved) throws IOException {
        var away = Files.createDirectories(farm.directory().resolve("moved"));
        for (int rotation = 0; rotation < ROTATIONS; rotation++) {
            var next = Deadline.within(each);
            var to = away.resolve("access." + rotation);
            // Another worker may have rotated it a moment ago, and nobody made the next one yet.
            Deadline.within(Duration.ofSeconds(10)).until(() -> move(farm.logs().resolve("access.log"), to));
            moved.add(new Moved(to, System.nanoTime(), -1));
            next.pass();
            settle(moved);
        }
        Deadline.within(QUIET_AFTER).pass();
        settle(moved);
    }

    /** Notes how long those are that were moved a second ago. */
    private static void settle(List<Moved> moved) {
        long before = System.nanoTime() - QUIET_AFTER.toNanos();
        moved.replaceAll(log -> log.bytesThen() < 0 && log.atNanos() - before < 0
                ? new Moved(log.file(), log.atNanos(), log.file().toFile().length())
                : log);
    }

    private static boolean move(Path from, Path to) {
        try {
            Files.move(from, to);
            return true;
        } catch (NoSuchFileException notYet) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void judge(Findings findings, Farm farm, int requests) throws IOException {
        // The last lines are appended within a moment.
        Deadline.within(Duration.ofSeconds(10)).until(() -> lines(farm).whole() >= requests);
        var lines = lines(farm);
        findings.exactly("lines over all files", lines.whole(), requests);
        findings.exactly("requests without a line", requests - lines.seen().cardinality(), 0);
        findings.exactly("torn lines", lines.torn(), 0);
        findings.exactly(
                "lines counted as dropped", (long) farm.metrics().sum("drover_access_log_dropped_lines_total"), 0);
        findings.note("files", Integer.toString(lines.files()));
    }

    private record Lines(long whole, long torn, int files, BitSet seen) {}

    private static Lines lines(Farm farm) {
        var seen = new BitSet();
        var counts = new long[2];
        try {
            var files = new ArrayList<>(AccessLogs.in(farm.logs()));
            files.addAll(AccessLogs.in(farm.directory().resolve("moved")));
            for (var file : files) {
                AccessLogs.read(file, text -> {
                    var line = AccessLogs.LINE.matcher(text);
                    if (line.matches()) {
                        counts[0]++;
                        seen.set(Integer.parseInt(
                                line.group(1).substring(line.group(1).indexOf('?') + 1)));
                    } else {
                        counts[1]++;
                    }
                });
            }
            return new Lines(counts[0], counts[1], files.size(), seen);
        } catch (NoSuchFileException justCompressed) {
            return new Lines(0, 0, 0, seen);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
