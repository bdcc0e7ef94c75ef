package drover.verify;

import drover.verify.farm.Deadline;
import drover.verify.farm.Farm;
import drover.verify.farm.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where one check plays: a directory of its own, the farms and programs it starts, what it says while it runs. When it is
 * over the stage ends what was started, looks whether anything was left, and clears up. One thread, the check's.
 */
public final class Stage implements AutoCloseable {

    private final boolean quick;
    private final Path home;
    private final Path directory;
    private final long startedNanos = System.nanoTime();
    private final Deque<Farm> farms = new ArrayDeque<>();
    private final Deque<AutoCloseable> others = new ArrayDeque<>();
    private final Deque<AutoCloseable> beneath = new ArrayDeque<>();

    Stage(Path home, boolean quick) throws IOException {
        this.home = home;
        this.quick = quick;
        this.directory = Files.createTempDirectory(Path.of("/dev/shm"), "drover-verify-");
    }

    // ---- what was asked for

    /** Whether only a shorter look was asked for. */
    public boolean quick() {
        return quick;
    }

    /** A size of the check: the full one, or the one for a shorter look. */
    public int size(int full, int shorter) {
        return quick ? shorter : full;
    }

    /** A length of time of the check: the full one, or the one for a shorter look. */
    public Duration seconds(int full, int shorter) {
        return Duration.ofSeconds(size(full, shorter));
    }

    // ---- what is there

    /** Of this check alone, on tmpfs; deleted when it is over. */
    public Path directory() {
        return directory;
    }

    /** Drover's sources. */
    public Path home() {
        return home;
    }

    /**
     * A farm of two workers that serves {@link Farm#sites()}, where a check puts its files before or after.
     *
     * @param settings as {@code --drover.KEY=VALUE}, beside or instead of those that keep it to a directory
     */
    public Farm farm(String... settings) throws IOException {
        return farmUnder(List.of(), settings);
    }

    /** As {@link #farm}, started by a program such as {@code prlimit} that becomes the one it is given. */
    public Farm farmUnder(List<String> program, String... settings) throws IOException {
        var farm = Farm.start(home, nextFarm(), program, List.of(settings));
        farms.push(farm);
        say("farm serves at " + farm.site());
        return farm;
    }

    /** The directory of the farm that is started next: for what must be there before. */
    public Path nextFarm() {
        return directory.resolve("farm-" + (farms.size() + 1));
    }

    /** Mounts a file system for as long as farms live; the directory is made. Needs root. */
    public void mount(Path at, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(at);
        run(Stream.concat(Stream.of("mount"), Stream.concat(Arrays.stream(arguments), Stream.of(at.toString())))
                .toList());
        beneath.push(() -> unmount(at));
    }

    /** Whoever has just ended may hold it for another moment. */
    private void unmount(Path at) throws IOException {
        Deadline.within(Duration.ofSeconds(10)).until(() -> {
            try {
                run(List.of("umount", at.toString()));
                return true;
            } catch (IOException busy) {
                return false;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return true;
            }
        });
        if (Files.readString(Path.of("/proc/mounts")).contains(" " + at + " ")) {
            throw new IOException(at + " cannot be unmounted");
        }
    }

    /** Runs a program to its end, which must be a good one. */
    public void run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + said);
        }
    }

    /** Closed when the check is over, after the farms: what they stand on. */
    public <T extends AutoCloseable> T beneath(T other) {
        beneath.push(other);
        return other;
    }

    /** Closed when the check is over, before the farms are: last come, first closed. */
    public <T extends AutoCloseable> T own(T other) {
        others.push(other);
        return other;
    }

    /** What is being done now, with the seconds since the check began. */
    public void say(String what) {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        System.out.printf(Locale.ROOT, "  %6.1f s  %s%n", seconds, what);
    }

    // ---- the end

    /** Ends everything and judges what the processes have left behind. */
    void end(Findings findings) {
        while (!others.isEmpty()) {
            close(others.pop(), findings);
        }
        while (!farms.isEmpty()) {
            farms.pop().end(findings);
        }
        while (!beneath.isEmpty()) {
            close(beneath.pop(), findings);
        }
    }

    private static void close(AutoCloseable other, Findings findings) {
        try {
            other.close();
        } catch (Exception failure) {
            findings.fail("clearing up", String.valueOf(failure));
        }
    }

    @Override
    public void close() throws IOException {
        Tree.delete(directory);
    }
}
