package drover.engine.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.config.AccessLogConfig;
import drover.engine.config.AccessLogFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    @TempDir
    Path directory;

    @Test
    void lines_of_two_logs_on_one_file_never_interleave_and_none_is_lost() throws Exception {
        var file = directory.resolve("access.log");
        try (var writers = Executors.newFixedThreadPool(2)) {
            var written = writers.invokeAll(List.of(() -> write(file, "a"), () -> write(file, "b")));
            for (var count : written) {
                assertThat(count.get()).isEqualTo(20_000L);
            }
        }

        var lines = Files.readAllLines(file);

        assertThat(lines).hasSize(2 * 20_000).allMatch(line -> line.matches("(a+|b+)-\\d+"));
        for (var name : new String[] {"a", "b"}) {
            var numbers = lines.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> Long.parseLong(line.substring(line.indexOf('-') + 1)))
                    .toList();
            assertThat(numbers).isSorted();
        }
    }

    private static AccessLogConfig config(Path file) {
        return new AccessLogConfig(file, AccessLogFormat.COMBINED, 0, Duration.ZERO, 1);
    }

    private static long write(Path file, String name) throws IOException {
        long written = 0;
        try (var log = AccessLog.open(config(file), 1, () -> {})) {
            for (int i = 0; i < 20_000; i++) {
                byte[] line = (name.repeat(1 + i % 300) + "-" + i + "\n").getBytes(US_ASCII);
                while (!log.ring(0).offer(line, line.length)) {
                    written += log.flush().lines();
                }
            }
            return written + log.flushLast().lines();
        }
    }

    @Test
    void a_full_ring_takes_no_part_of_a_line() throws IOException {
        try (var log = AccessLog.open(config(directory.resolve("access.log")), 1, () -> {})) {
            byte[] line = "x".repeat(1000).concat("\n").getBytes(US_ASCII);
            int taken = 0;
            while (log.ring(0).offer(line, line.length)) {
                taken++;
            }

            var flushed = log.flush();

            assertThat(flushed).isEqualTo(new AccessLog.Flushed(taken, 0, 0));
            assertThat(Files.size(directory.resolve("access.log"))).isEqualTo(taken * 1001L);
            assertThat(log.ring(0).offer(line, line.length)).isTrue();
        }
    }

    @Test
    void a_ring_that_becomes_half_full_asks_for_a_flush_once() throws IOException {
        var asked = new AtomicInteger();
        try (var log = AccessLog.open(config(directory.resolve("access.log")), 1, asked::incrementAndGet)) {
            byte[] line = "x".repeat(1000).concat("\n").getBytes(US_ASCII);
            while (log.ring(0).offer(line, line.length)) {
                assertThat(asked.get()).isLessThan(2);
            }

            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void when_there_is_room_again_lines_are_appended_again() throws IOException {
        var file = directory.resolve("access.log");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        try (var log = AccessLog.open(config(file), 1, () -> {})) {
            log.ring(0).offer("one\n".getBytes(US_ASCII), 4);
            assertThat(log.flush()).isEqualTo(new AccessLog.Flushed(0, 1, 0));
            Files.delete(file);
            log.ring(0).offer("two\n".getBytes(US_ASCII), 4);

            assertThat(log.flush()).isEqualTo(new AccessLog.Flushed(1, 0, 0));
            assertThat(file).hasContent("two\n");
        }
    }

    @Test
    void lines_are_counted_right_while_the_loop_goes_on() throws Exception {
        try (var log = AccessLog.open(config(Path.of("/dev/full")), 1, () -> {});
                var loop = Executors.newSingleThreadExecutor()) {
            var offered = loop.submit(() -> offer(log.ring(0), 2_000_000));
            long dropped = 0;
            while (!offered.isDone()) {
                dropped += log.flush().dropped();
            }

            assertThat(dropped + log.flushLast().dropped()).isEqualTo(offered.get());
        }
    }

    private static long offer(LogRing ring, int times) {
        long taken = 0;
        for (int i = 0; i < times; i++) {
            byte[] line = "x".repeat(i % 100).concat("\n").getBytes(US_ASCII);
            taken += ring.offer(line, line.length) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void what_the_disk_refuses_is_counted_as_dropped() throws IOException {
        try (var log = AccessLog.open(config(Path.of("/dev/full")), 1, () -> {})) {
            log.ring(0).offer("one\ntwo\n".getBytes(US_ASCII), 8);

            assertThat(log.flush()).isEqualTo(new AccessLog.Flushed(0, 2, 0));
            assertThat(log.flush()).isEqualTo(new AccessLog.Flushed(0, 0, 0));
        }
    }
}
