package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.KeepAliveClients;
import drover.verify.client.Page;
import drover.verify.farm.AccessLogs;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.FarmFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A disk for logs of 1 MiB, which is full after a few thousand requests, is freed, and is full again. */
public final class LogDiskFull implements Check {

    private static final int CLIENTS = 16;
    private static final Duration THOUGHT = Duration.ofMillis(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "log-disk-full";
    }

    @Override
    public String rows() {
        return "X11";
    }

    @Override
    public String promise() {
        return "A full log disk fails no request, every line that is lost is counted, and logging goes on by itself";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        stage.mount(stage.nextFarm().resolve("log"), "-t", "tmpfs", "-o", "size=1m", "drover-verify");
        var farm = stage.farm("--drover.access-log-rotate-size=0");
        var page = Page.write(farm.sites(), "page.bin", 1024);
        var kept = new ArrayList<Path>();

        try (var clients = KeepAliveClients.start(farm.address(), List.of(page), CLIENTS, THOUGHT)) {
            double slowest = 0;
            for (int cycle = 1; cycle <= stage.size(3, 1); cycle++) {
                awaitDrops(farm);
                stage.say("the disk is full");
                Deadline.within(Duration.ofSeconds(2)).pass();
                slowest = Math.max(slowest, free(farm, stage.directory().resolve("kept-" + cycle), kept));
                stage.say("space was made");
            }
            awaitDrops(farm);
            clients.stop();
            findings.exactly("failed requests", clients.tally().failed(), 0);
            findings.atMost("logging goes on after", slowest, 1, "s");
            kept.add(farm.logs().resolve("access.log"));
            judge(findings, farm, kept, clients.tally().ok());
        }
    }

    private static void awaitDrops(Farm farm) {
        double before = dropped(farm);
        if (!Deadline.within(PATIENCE).until(() -> dropped(farm) > before)) {
            throw new FarmFailed("no line was dropped in " + PATIENCE + " on a disk of 1 MiB");
        }
    }

    private static double dropped(Farm farm) {
        try {
            return farm.metrics().sum("drover_access_log_dropped_lines_total");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Moves the log away, keeps a copy elsewhere, deletes it, and measures how long no line comes. */
    private static double free(Farm farm, Path copy, List<Path> kept) throws IOException {
        var log = farm.logs().resolve("access.log");
        var old = farm.logs().resolve("old");
        Files.move(log, old);
        // Whoever still has it open finds out within a second; the disk is full, so nothing is written meanwhile.
        Deadline.within(Duration.ofSeconds(2)).pass();
        Files.copy(old, copy);
        kept.add(copy);
        long begun = System.nanoTime();
        Files.delete(old);
        if (!Deadline.within(PATIENCE).until(() -> log.toFile().length() > 0)) {
            throw new FarmFailed("no line was written in " + PATIENCE + " after space was made");
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void judge(Findings findings, Farm farm, List<Path> files, long requests) throws IOException {
        var whole = new long[1];
        var torn = new long[1];
        Deadline.within(Duration.ofSeconds(2)).pass();
        for (var file : files) {
            AccessLogs.read(file, line -> (AccessLogs.LINE.matcher(line).matches() ? whole : torn)[0]++);
        }
        long dropped = (long) dropped(farm);
        findings.exactly("lines + counted drops", whole[0] + dropped, requests);
        findings.exactly("torn lines", torn[0], 0);
        findings.note("of which dropped", Long.toString(dropped));
    }
}
