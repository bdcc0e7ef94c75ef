package drover.admin.supervision;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the processes of the farm so that they outlive admin: each in its own session, which Ctrl+C does not reach, with
 * output appended to files, never to pipes that would fill up while nobody reads.
 */
final class Launcher {

    private static final long DIRECT_BYTES = 64L << 20;

    /** A content of so many bytes or more is a mapping of its own, so that its pages go back when it leaves the cache. */
    private static final int MAPPED_BYTES = 64 << 10;

    private final RunDirectory directory;
    private final Path distribution;
    private final OutputFiles output;
    private final Runnable onExit;

    /**
     * A launcher of the master that lies in {@code distribution}, {@code bin/drover-master}, and of workers.
     *
     * @param onExit runs, on a thread of its own, when a process has ended that this launcher started
     */
    Launcher(RunDirectory directory, Path distribution, OutputFiles output, Runnable onExit) {
        this.directory = directory;
        this.distribution = distribution;
        this.output = output;
        this.onExit = onExit;
    }

    /** A process that was started: who it is, and the handle of our own child. */
    record Started(ProcessIdentity identity, Process child) {}

    /**
     * Starts a master.
     *
     * @param adopts whether it takes its listening sockets from the workers that are there
     */
    Started master(List<String> listen, int loops, boolean adopts) throws IOException {
        var command = new ArrayList<String>();
        command.add(distribution.resolve("bin/drover-master").toString());
        command.addAll(List.of("--run-directory", directory.path().toString()));
        command.addAll(List.of("--region", directory.region().toString()));
        command.addAll(List.of("--loops", Integer.toString(loops)));
        listen.forEach(address -> command.addAll(List.of("--listen", address)));
        if (adopts) {
            command.add("--adopt");
        }
        return start(command, output.master(), Redirect.appendTo(output.master().toFile()));
    }

    /** Starts a worker, from its AOT cache if there is one. */
    Started worker(int slot, int seat, Release release) throws IOException {
        var cache = cacheOf(release);
        return worker(slot, seat, release, Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of());
    }

    /** Starts a worker that makes the AOT cache when it ends. */
    Started trainee(Release release) throws IOException {
        return worker(1, 0, release, List.of("-XX:AOTCacheOutput=" + cacheOf(release)));
    }

    /** Where the AOT cache of a release lies: beside its jar, which it is made for. */
    static Path cacheOf(Release release) {
        return release.jar().resolveSibling("worker-engine.aot");
    }

    private Started worker(int slot, int seat, Release release, List<String> cache) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xms16m",
                "-Xmx" + SlotView.WorkerProcess.MOST_HEAP_BYTES,
                // Buffers of loops and of the log; the contents that are kept lie in memory of their own.
                "-XX:MaxDirectMemorySize=" + DIRECT_BYTES,
                "-XX:+UseSerialGC",
                // What the compilers took and gave back, some 20 MB, is the machine's again after so many milliseconds.
                "-XX:TrimNativeHeapInterval=10000",
                // Inlined into a loop's hot path these cost it the rest of the compiler's budget for one method, which
                // is ten
                // times what their calls cost: ./drover verify statistics-cost.
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline,drover.engine.stats.Recorder::begin",
                "-XX:CompileCommand=dontinline,drover.engine.stats.Recorder::end",
                "-XX:CompileCommand=dontinline,drover.engine.stats.VhostBlock::count",
                // No files that write-back could stall, no socket that another process of this user could attach to.
                "-XX:-UsePerfData",
                "-XX:+DisableAttachMechanism",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                // Thread dumps and warnings belong into its log, also where standard output is the access log.
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-XX:ErrorFile=" + output.errorFile(slot),
                "-Djdk.nio.maxCachedBufferSize=65536"));
        command.addAll(cache);
        command.addAll(List.of("-jar", release.jar().toString()));
        command.addAll(List.of("--config", release.config().toString()));
        command.addAll(List.of("--slot", Integer.toString(slot), "--seat", Integer.toString(seat)));
        var log = output.worker(slot);
        return start(command, log, release.logsToStandardOutput() ? Redirect.INHERIT : Redirect.appendTo(log.toFile()));
    }

    /** Starts a process whose standard error goes to {@code log}. */
    private Started start(List<String> command, Path log, Redirect output) throws IOException {
        // setsid(1) becomes the program itself, so the child's pid is the program's.
        var withSession = new ArrayList<>(List.of("setsid"));
        withSession.addAll(command);
        var builder = new ProcessBuilder(withSession)
                .redirectInput(new File("/dev/null"))
                .redirectError(Redirect.appendTo(log.toFile()))
                .redirectOutput(output);
        // Settings and secrets of admin are none of its children's business, nor what it tells its service manager.
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("DROVER_") || name.startsWith("JAVA_TOOL_") || name.equals("NOTIFY_SOCKET"));
        // glibc's malloc; another C library does not know them. By default it keeps a heap for each thread.
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", Integer.toString(MAPPED_BYTES));
        var child = builder.start();
        var _ = child.onExit().thenRunAsync(onExit);
        var identity = ProcessIdentity.of(child.pid())
                .orElseThrow(
                        () -> new IOException(command.getFirst() + " ended as soon as it was started; see " + log));
        return new Started(identity, child);
    }

    /** The last line that a master wrote, without time and level. */
    String masterLastWords() {
        return OutputFiles.lastLine(output.master())
                .map(line -> line.replaceFirst("^\\S+ (INFO|WARN|ERROR) ", ""))
                .orElse("it left no word");
    }
}
