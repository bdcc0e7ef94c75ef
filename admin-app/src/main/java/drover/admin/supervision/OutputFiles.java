package drover.admin.supervision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files to which the master and the workers write what is not a request: {@code master.log}, {@code worker-N.log}, and
 * what is kept of those that hung or crashed. A thread of its own sees that none grows without end, because it waits for the
 * disk. {@code docs/decisions/0012-output-files-are-copied-and-cut.md} says why they are copied.
 */
final class OutputFiles implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutputFiles.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final int LOOKS_FOR_LINE_END = 200;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Dumps and crash reports that are kept, of each kind. */
    private static final int REPORTS_KEPT = 10;

    /** A JVM that was asked for its threads is killed a second later. */
    private static final Duration DUMPED_AFTER = Duration.ofMillis(1200);

    private static final int LONGEST_REPORT = 1 << 20;
    private static final int TAIL = 16 << 10;

    private final Path directory;
    private final long limitBytes;
    private final int keep;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("output-files").unstarted(task));

    /**
     * Files in a directory.
     *
     * @param limitBytes no file grows much beyond
     * @param keep earlier files that are kept of each
     */
    OutputFiles(Path directory, long limitBytes, int keep) {
        this.directory = directory;
        this.limitBytes = limitBytes;
        this.keep = keep;
    }

    /** Begins to look after them. */
    void start() {
        var _ = thread.scheduleWithFixedDelay(
                this::tidy, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdown();
    }

    Path master() {
        return directory.resolve("master.log");
    }

    Path worker(int slot) {
        return directory.resolve("worker-" + slot + ".log");
    }

    /** Where the JVM of a worker is to tell of its own crash. */
    Path errorFile(int slot) {
        return directory.resolve("hs_err_worker-" + slot + "_%p.log");
    }

    /** Where the JVM with this number has told of its own crash, if it has. */
    Path errorFile(int slot, long pid) {
        var file = errorFile(slot);
        return file.resolveSibling(file.getFileName().toString().replace("%p", Long.toString(pid)));
    }

    // ---- last words

    /** The last line a process wrote to its log: what it ended of, in its own words. */
    static Optional<String> lastLine(Path log) {
        return tail(log, TAIL).lines().filter(line -> !line.isBlank()).reduce((_, last) -> last);
    }

    /** The end of a file; empty if it cannot be read. */
    static String tail(Path log, int bytes) {
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            return read(channel, Math.max(0, channel.size() - bytes), bytes);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String read(FileChannel channel, long from, int limit) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(limit, Math.max(0, channel.size() - from)));
        int count;
        do {
            count = channel.read(bytes, from + bytes.position());
        } while (count > 0 && bytes.hasRemaining());
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static long length(Path log) {
        try {
            return Files.size(log);
        } catch (IOException none) {
            return 0;
        }
    }

    /**
     * Keeps what a worker writes to its log from now on until it has had the time to write a thread dump, in a file of its
     * own: the log may be cut before somebody looks.
     */
    void keepDump(int slot, long pid) {
        long from = length(worker(slot));
        var name = "hang-worker-%d-%s-pid%d.txt".formatted(slot, STAMP.format(Instant.now()), pid);
        var _ = thread.schedule(
                () -> keepDump(worker(slot), from, directory.resolve(name)),
                DUMPED_AFTER.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void keepDump(Path log, long from, Path dump) {
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            // If it was cut in between, it begins anew.
            var text = read(channel, channel.size() < from ? 0 : from, LONGEST_REPORT);
            if (!text.contains("Full thread dump")) {
                LOG.warn("thread dump not kept log={} why=\"the process wrote none\"", log.getFileName());
                return;
            }
            Files.writeString(dump, text);
            LOG.info("thread dump kept file={}", dump.getFileName());
            forgetOldest(file -> file.startsWith("hang-"));
        } catch (IOException failure) {
            LOG.warn("thread dump not kept file={} why=\"{}\"", dump.getFileName(), failure.toString());
        }
    }

    // ---- sizes

    private void tidy() {
        try {
            for (var log : logs()) {
                if (Files.size(log) > limitBytes) {
                    rotate(log);
                }
            }
            forgetOldest(file -> file.startsWith("hs_err_worker-"));
        } catch (IOException | RuntimeException failure) {
            LOG.warn("output files not tidied why=\"{}\"", failure.toString());
        }
    }

    /** Begins all logs anew that are not empty, soon and on a thread of its own. */
    void beginAnew() {
        thread.execute(() -> {
            try {
                for (var log : logs()) {
                    if (Files.size(log) > 0) {
                        rotate(log);
                    }
                }
            } catch (IOException | RuntimeException failure) {
                LOG.warn("output files not begun anew why=\"{}\"", failure.toString());
            }
        });
    }

    private List<Path> logs() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("(master|worker-\\d+)\\.log"))
                    .toList();
        }
    }

    /**
     * Copies a log and cuts it to nothing, as its writers hold it open. They append, so they go on at its new end; a line
     * that is written between the last look and the cut is lost.
     */
    void rotate(Path log) throws IOException {
        var draft = log.resolveSibling(log.getFileName() + ".new");
        try (var source = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var copy = FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long copied = copyLines(source, copy);
            source.truncate(0);
            makeRoom(log);
            Files.move(draft, earlier(log, 1), StandardCopyOption.ATOMIC_MOVE);
            LOG.info("log rotated file={} bytes={}", log.getFileName(), copied);
        }
    }

    /**
     * Copies a file to its end, and returns how many bytes that were. A line that is just being written may be seen without its
     * end, as the kernel shows a file page by page: it is waited for, but not for one whose end is not on its way.
     */
    private static long copyLines(FileChannel source, FileChannel copy) throws IOException {
        long copied = 0;
        for (int look = 0; look < LOOKS_FOR_LINE_END; look++) {
            while (copied < source.size()) {
                copied += source.transferTo(copied, source.size() - copied, copy);
            }
            if (copied == 0 || read(source, copied - 1, 1).equals("\n")) {
                break;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return copied;
    }

    private void makeRoom(Path log) throws IOException {
        Files.deleteIfExists(earlier(log, keep));
        for (int number = keep - 1; number >= 1; number--) {
            if (Files.exists(earlier(log, number))) {
                Files.move(earlier(log, number), earlier(log, number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static Path earlier(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }

    private void forgetOldest(Predicate<String> kind) throws IOException {
        List<Path> reports;
        try (var files = Files.list(directory)) {
            reports = files.filter(file -> kind.test(file.getFileName().toString()))
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
        }
        for (var file : reports.subList(Math.min(REPORTS_KEPT, reports.size()), reports.size())) {
            Files.deleteIfExists(file);
        }
    }
}
