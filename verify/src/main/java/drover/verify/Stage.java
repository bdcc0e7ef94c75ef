package drover.verify;

import drover.verify.farm.Farm;
import drover.verify.farm.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

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
        var farm = Farm.start(home, directory.resolve("farm-" + (farms.size() + 1)), List.of(settings));
        farms.push(farm);
        say("farm serves at " + farm.site());
        return farm;
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
