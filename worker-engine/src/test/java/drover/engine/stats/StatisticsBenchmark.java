package drover.engine.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.stats.VhostBlock.Verb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a request costs that is recorded, and counted for its virtual host. */
@State(Scope.Thread)
public class StatisticsBenchmark {

    private static final byte[] CLIENT = "192.0.2.7".getBytes(ISO_8859_1);
    private static final byte[] HEAD =
            "GET /articles/2026/how-to-serve.html HTTP/1.1\r\nHost: www.example.org\r\n\r\n".getBytes(ISO_8859_1);
    private static final int PATH = 4;
    private static final int PATH_END = 36;
    private static final int HOST = 53;
    private static final int HOST_END = 68;

    private final LoopStats loop = loop();
    private long nanos = 1;

    private static LoopStats loop() {
        try {
            var directory = Files.createTempDirectory("drover-benchmark-");
            var file = directory.resolve("region");
            var region = Region.create(file, new RegionLayout(1, 2));
            Files.delete(file);
            Files.delete(directory);
            region.reserve(1);
            return Seat.take(region, 1, 0, 1, 1, /* meters= */ true).loops().getFirst();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Benchmark
    public int record() {
        nanos += 12_345;
        int ticket = loop.recorder().begin(7, nanos, CLIENT, HEAD, 0, 3, HOST, HOST_END, PATH, PATH_END, false);
        loop.recorder().end(ticket, 200, 1024, nanos + 9000);
        return ticket;
    }

    @Benchmark
    public LoopStats count() {
        nanos += 12_345;
        loop.others().count(Verb.GET, 200, 20_000 + (nanos & 0xffff), 30_000 + (nanos & 0xffff), 1024);
        return loop;
    }

    /** The clock that all of it is timed by. */
    @Benchmark
    public long clock() {
        return System.nanoTime();
    }
}
