package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.client.Failed;
import drover.verify.client.Wire;
import drover.verify.farm.Farm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Files that are cut while they are being sent, as a careless {@code cp} over them does. */
public final class Truncation implements Check {

    private static final int AT_ONCE = 8;
    private static final long BYTES = 24 << 20;
    /** More than the kernel holds between the two, so that the server cannot have sent what is cut off. */
    private static final long CUT_AT = 16 << 20;

    private static final int RECEIVE_BYTES = 64 << 10;
    private static final long READ_BEFORE = 256 << 10;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger shortAndClosed = new AtomicInteger();
    private final AtomicInteger padded = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public String name() {
        return "truncation";
    }

    @Override
    public String rows() {
        return "D17";
    }

    @Override
    public String promise() {
        return "A file that is cut while it is sent ends the connection, never pads the body or harms the worker";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        int truncations = stage.size(1000, 80);
        stage.say(truncations + " truncations, " + AT_ONCE + " at once");
        var clients = IntStream.range(0, AT_ONCE)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> work(farm, truncations)))
                .toList();
        for (var client : clients) {
            client.join();
        }
        findings.exactly("short bodies, then a close", shortAndClosed.get(), truncations);
        findings.exactly("bodies with bytes that were no longer in the file", padded.get(), 0);
        findings.exactly("clients that waited in vain", failed.get(), 0);
    }

    private void work(Farm farm, int truncations) {
        for (int turn = next.getAndIncrement(); turn < truncations; turn = next.getAndIncrement()) {
            // Every other one is cut below what was already sent.
            try {
                once(farm, "cut-" + turn + ".bin", turn % 2 == 0 ? CUT_AT : 0);
            } catch (Failed failure) {
                failed.incrementAndGet();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void once(Farm farm, String name, long cutAt) throws IOException {
        var file = farm.sites().resolve("default").resolve(name);
        resize(file, BYTES);
        try (var wire = Wire.open(farm.address(), RECEIVE_BYTES)) {
            wire.send("GET /" + name + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            long announced = wire.head().length();
            wire.body(READ_BEFORE, Long.MAX_VALUE);
            resize(file, cutAt);
            long taken = READ_BEFORE + wire.rest();
            if (announced == BYTES && taken < announced) {
                shortAndClosed.incrementAndGet();
            }
            if (taken > Math.max(cutAt, CUT_AT)) {
                padded.incrementAndGet();
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void resize(Path file, long bytes) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(bytes);
        }
    }
}
