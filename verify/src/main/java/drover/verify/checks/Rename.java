package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.KeepAliveClients;
import drover.verify.client.Page;
import drover.verify.farm.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Files that are replaced, as a deployment does, much more often than one would. */
public final class Rename implements Check {

    private static final int CLIENTS = 32;
    private static final int PER_SECOND = 500;
    private static final List<Integer> SIZES = List.of(1000, 70_000, 3_000_000);

    @Override
    public String name() {
        return "rename";
    }

    @Override
    public String rows() {
        return "D17";
    }

    @Override
    public String promise() {
        return "A file that is replaced is sent as it was or as it is, never as a mixture";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        var site = farm.sites().resolve("default");
        var versions = new ArrayList<Versions>();
        for (int size : SIZES) {
            versions.add(new Versions(site, size));
        }

        try (var clients = KeepAliveClients.start(
                farm.address(), versions.stream().map(Versions::page).toList(), CLIENTS, Duration.ZERO)) {
            stage.say(PER_SECOND + " renames a second under " + CLIENTS + " clients");
            long renames = swapFor(stage.seconds(60, 8), versions);
            clients.stop();
            findings.exactly(
                    "answers that were neither A nor B, or none",
                    clients.tally().failed(),
                    0);
            findings.atLeast("renames", renames, 9L * stage.size(60, 8) * PER_SECOND / 10);
            findings.note("requests", clients.tally().toString());
        }
    }

    private static long swapFor(Duration time, List<Versions> versions) throws IOException {
        var end = Deadline.within(time);
        long begun = System.nanoTime();
        int swaps = 0;
        for (; !end.isOver(); swaps++) {
            // The other one first: a rename onto another link to the same file does nothing, rename(2).
            versions.get(swaps % versions.size()).swap((swaps / versions.size() + 1) % 2);
            LockSupport.parkNanos(begun + (swaps + 1) * (1_000_000_000L / PER_SECOND) - System.nanoTime());
        }
        return swaps;
    }

    /** Two files of different sizes that take turns under one name; they lie ready, so that only names change. */
    private static final class Versions {

        private final Path site;
        private final String name;
        private final byte[][] contents;

        Versions(Path site, int size) throws IOException {
            this.site = site;
            name = size + ".bin";
            contents = new byte[][] {new byte[size], new byte[size + size / 7]};
            var random = new Random(size);
            for (int version = 0; version < contents.length; version++) {
                random.nextBytes(contents[version]);
                Files.write(ready(version), contents[version]);
            }
            swap(0);
        }

        private Path ready(int version) {
            return site.resolve(name + "." + version);
        }

        Page page() {
            return Page.of("/" + name, contents);
        }

        void swap(int version) throws IOException {
            var next = site.resolve(name + ".next");
            Files.createLink(next, ready(version));
            Files.move(next, site.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
