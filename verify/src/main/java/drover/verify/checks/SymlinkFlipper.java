package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Wire;
import drover.verify.client.Wire.Answer;
import drover.verify.farm.Nginx;
import drover.verify.farm.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A file and a directory that become symbolic links to something outside and back as fast as they can, while clients ask
 * for them. More names than the cache holds, so that nearly every request is a new look at the disk.
 */
public final class SymlinkFlipper implements Check {

    private static final int CLIENTS = 16;
    private static final int NAMES = 2000;
    private static final byte[] OURS = "inside".repeat(512).getBytes(StandardCharsets.UTF_8);
    private static final byte[] FOREIGN = "outside".repeat(512).getBytes(StandardCharsets.UTF_8);

    @Override
    public String name() {
        return "symlink-flipper";
    }

    @Override
    public String rows() {
        return "D8";
    }

    @Override
    public String promise() {
        return "Nothing outside the document root is served, even while symbolic links are swapped";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm("--drover.cache-size=1MB");
        int requests = stage.size(1_000_000, 50_000);
        var site = farm.sites().resolve("default");
        var outside = farm.directory().resolve("outside");
        fill(outside, FOREIGN);
        fill(site.resolve("d"), OURS);

        try (var flipper = new Flipper(site, outside)) {
            stage.say(requests + " requests of " + CLIENTS + " clients");
            var drover = new Clients(farm.address(), requests);
            findings.exactly("answers with foreign bytes", drover.foreign.get(), 0);
            findings.exactly("requests without an answer", drover.failed.get(), 0);
            findings.exactly("requests", drover.asked.get(), requests);
            findings.note("answers with our bytes", Long.toString(drover.ours.get()));
            findings.note("swaps", Long.toString(flipper.swaps.get()));
            try (var nginx = Nginx.start(stage.directory().resolve("nginx"), site)) {
                var other = new Clients(nginx.address(), requests / 20);
                findings.note("foreign answers of nginx, as installed, to " + other.asked, other.foreign.toString());
            }
        }
    }

    private static void fill(Path directory, byte[] content) throws IOException {
        Files.createDirectories(directory);
        for (int name = 0; name < NAMES; name++) {
            Files.write(directory.resolve("f" + name), content);
        }
    }

    /** Swaps in two threads: the file {@code a} by renaming over it, the directory {@code d} by renaming it away. */
    private static final class Flipper implements AutoCloseable {

        final AtomicLong swaps = new AtomicLong();
        private final Path site;
        private final Path outside;
        private final Thread files;
        private final Thread directories;
        private volatile boolean running = true;

        Flipper(Path site, Path outside) {
            this.site = site;
            this.outside = outside;
            files = Thread.ofPlatform().start(() -> loop(this::swapFile));
            directories = Thread.ofPlatform().start(() -> loop(this::swapDirectory));
        }

        private interface Swap {
            void once() throws IOException;
        }

        private void loop(Swap swap) {
            try {
                while (running) {
                    swap.once();
                    swaps.incrementAndGet();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private void swapFile() throws IOException {
            var next = site.resolve("next");
            Files.write(next, OURS);
            Files.move(next, site.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(next, outside.resolve("f1"));
            Files.move(next, site.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
        }

        private void swapDirectory() throws IOException {
            var real = site.resolve("d.real");
            Files.move(site.resolve("d"), real, StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(site.resolve("d"), outside);
            Files.delete(site.resolve("d"));
            Files.move(real, site.resolve("d"), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void close() throws IOException {
            running = false;
            try {
                files.join();
                directories.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            Tree.delete(site.resolve("d"));
        }
    }

    /** Ask until they have asked often enough. */
    private static final class Clients {

        private static final Set<String> RIGHT = Page.of("", OURS).digests();
        private static final Set<String> WRONG = Page.of("", FOREIGN).digests();

        final AtomicLong asked = new AtomicLong();
        final AtomicLong ours = new AtomicLong();
        final AtomicLong foreign = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        private final AtomicLong left;

        Clients(InetSocketAddress address, int requests) throws InterruptedException {
            left = new AtomicLong(requests);
            var threads = IntStream.range(0, CLIENTS)
                    .mapToObj(_ -> Thread.ofVirtual().start(() -> ask(address)))
                    .toList();
            for (var thread : threads) {
                thread.join();
            }
        }

        private void ask(InetSocketAddress address) {
            while (left.get() > 0) {
                try (var wire = Wire.open(address)) {
                    while (!wire.wantsClose() && left.getAndDecrement() > 0) {
                        asked.incrementAndGet();
                        judge(wire.fetch(path(), Long.MAX_VALUE));
                    }
                } catch (Failed failure) {
                    failed.incrementAndGet();
                }
            }
        }

        private static String path() {
            var random = ThreadLocalRandom.current();
            return random.nextInt(4) == 0 ? "/a" : "/d/f" + random.nextInt(NAMES);
        }

        /** Errors carry a page of the server's own; of what is served as a file every byte must be ours. */
        private void judge(Answer answer) {
            if (RIGHT.contains(answer.digest())) {
                ours.incrementAndGet();
            } else if (answer.status() == 200 || WRONG.contains(answer.digest())) {
                foreign.incrementAndGet();
            }
        }
    }
}
