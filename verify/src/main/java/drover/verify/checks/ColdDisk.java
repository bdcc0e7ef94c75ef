package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Page;
import drover.verify.client.Probe;
import drover.verify.client.Tally;
import drover.verify.client.Wire;
import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that nobody has read yet, on a disk that gives 1 MB a second: a file system in a loop device, whose reads the
 * cgroup of block devices (v1) throttles.
 */
public final class ColdDisk implements Check {

    private static final Path THROTTLE = Path.of("/sys/fs/cgroup/blkio/blkio.throttle.read_bps_device");
    private static final long BYTES = 50 << 20;
    private static final long BYTES_PER_SECOND = 1 << 20;
    private static final int READERS = 4;
    private static final double MOST_RATIO = 3;

    @Override
    public String name() {
        return "cold-disk";
    }

    @Override
    public String rows() {
        return "D18";
    }

    @Override
    public String promise() {
        return "A cold file on a slow disk does not delay a file that is in memory";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var obstacle = obstacle();
        if (obstacle.isPresent()) {
            findings.skip("a slow disk", obstacle.get());
            return;
        }
        var farm = stage.farm();
        var hot = Page.write(farm.sites(), "hot.bin", 1024);
        var slow = farm.sites().resolve("default/slow");
        var image = stage.directory().resolve("disk.img");
        stage.run(List.of("truncate", "-s", "256M", image.toString()));
        stage.run(List.of("mkfs.ext4", "-q", image.toString()));
        stage.mount(slow, "-o", "loop", image.toString());
        for (int reader = 1; reader <= READERS; reader++) {
            Page.write(farm.sites(), "slow/cold-" + reader + ".bin", BYTES);
        }
        makeCold(stage, slow);

        var alone = ask(farm, hot, stage.seconds(20, 8));
        double normal = alone.latencies().percentileMillis(99);
        findings.note("p99 of a hot file of 1 KiB without the disk", normal + " ms, " + alone);
        var device = throttle(stage, slow);
        stage.say(READERS + " clients read cold files of 50 MB at 1 MB/s from " + device);
        try (var readers = new Readers(farm)) {
            var tally = ask(farm, hot, stage.seconds(45, 10));
            double beside = tally.latencies().percentileMillis(99);
            findings.note("bytes of cold files that came meanwhile", Long.toString(readers.taken));
            findings.judge("cold readers are answered", readers.answered + "", "1 or more", readers.answered > 0);
            findings.exactly("failed requests for the hot file", tally.failed(), 0);
            findings.atMost("p99 of the hot file to its normal one", beside / normal, MOST_RATIO, "");
            findings.note("that p99", beside + " ms, " + tally);
        }
    }

    private static Optional<String> obstacle() {
        if (!Files.isWritable(THROTTLE)) {
            return Optional.of("needs root and cgroup v1 with blkio: " + THROTTLE + " cannot be written");
        }
        return Files.exists(Path.of("/dev/loop-control"))
                ? Optional.empty()
                : Optional.of("this kernel has no loop devices");
    }

    /** What was written leaves the page cache with its mount. */
    private static void makeCold(Stage stage, Path slow) throws IOException, InterruptedException {
        stage.run(List.of("sync", "-f", slow.toString()));
        stage.run(List.of(
                "sh",
                "-c",
                "d=$(findmnt -no SOURCE $1); mount -o remount,ro $1; blockdev --flushbufs $d; "
                        + "for f in $1/*; do dd if=$f iflag=nocache count=0 status=none; done",
                "sh",
                slow.toString()));
    }

    private static String throttle(Stage stage, Path slow) throws IOException {
        var store = Files.getFileStore(slow).name();
        var number = Files.readString(Path.of("/sys/block/" + Path.of(store).getFileName() + "/dev"))
                .strip();
        Files.writeString(THROTTLE, number + " " + BYTES_PER_SECOND);
        stage.own(() -> Files.writeString(THROTTLE, number + " 0"));
        return store;
    }

    private static Tally ask(Farm farm, Page page, Duration time) {
        try (var probe = Probe.start(farm.address(), page)) {
            Deadline.within(time).pass();
            probe.stop();
            return probe.tally();
        }
    }

    /** Take whatever comes of the cold files until they are closed. */
    private static final class Readers implements AutoCloseable {

        private final List<Wire> wires = new ArrayList<>();
        private volatile long taken;
        private volatile int answered;

        Readers(Farm farm) throws Failed {
            for (int reader = 1; reader <= READERS; reader++) {
                var wire = Wire.open(farm.address());
                var path = "/slow/cold-" + reader + ".bin";
                wires.add(wire);
                Thread.ofVirtual().start(() -> read(wire, path));
            }
        }

        private void read(Wire wire, String path) {
            try {
                wire.patience(Duration.ofMinutes(5));
                wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                long length = wire.head().length();
                arrived(0);
                for (long left = length; left > 0; left -= Math.min(left, 4096)) {
                    wire.body(Math.min(left, 4096), Long.MAX_VALUE);
                    arrived(Math.min(left, 4096));
                }
            } catch (Failed closed) {
                // The check is over.
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private synchronized void arrived(long bytes) {
            taken += bytes;
            answered += bytes == 0 ? 1 : 0;
        }

        @Override
        public void close() {
            wires.forEach(Wire::close);
        }
    }
}
