package drover.verify.farm;

import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.RegionReader;
import drover.engine.stats.SeatState;
import drover.verify.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Drover, started by {@code ./drover up} as a person does, with two workers and ports and directories of its own. In
 * the end it must be as quiet as it was: no error in a log, no crash report, the same processes, and nothing left.
 */
public final class Farm {

    static final String PASSWORD = "a password for verify";

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration TO_LEAVE = Duration.ofSeconds(30);
    private static final Pattern ERROR_LINE = Pattern.compile("(^|\\s)ERROR\\s");
    private static final Pattern DATED_LINE = Pattern.compile("^\\d{4}-\\d\\d-");
    private static final int TRACE_LINES = 20;

    private final Path home;
    private final Path directory;
    private final List<String> program;
    private final List<String> settings;
    private final List<Pattern> expectedErrors = new ArrayList<>();
    private Process process;
    private String said = "";
    private Map<String, Long> pids = new TreeMap<>();
    /** A mapping lasts as long as the process, so the region is mapped once for each start. */
    private Optional<RegionReader> region = Optional.empty();

    private Farm(Path home, Path directory, List<String> program, List<String> settings) throws IOException {
        this.home = home;
        this.directory = directory;
        this.program = program;
        this.settings = settings;
        this.process = launch();
    }

    /**
     * Starts one that serves {@code directory/sites}, and waits until all of it is up.
     *
     * @throws FarmFailed if it does not come up; with what it said
     */
    public static Farm start(Path home, Path directory, List<String> program, List<String> settings)
            throws IOException {
        Files.createDirectories(directory.resolve("sites/default"));
        Files.writeString(directory.resolve("password"), PASSWORD);
        var index = directory.resolve("sites/default/index.html");
        if (!Files.exists(index)) {
            Files.writeString(index, "<!doctype html><title>Verify</title>");
        }
        var farm = new Farm(home, directory, program, settings);
        try {
            farm.awaitUp();
            return farm;
        } catch (FarmFailed failure) {
            farm.abandon();
            throw failure;
        }
    }

    private Process launch() throws IOException {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(program);
        command.addAll(List.of(home.resolve("drover").toString(), "up"));
        command.addAll(List.of(
                "--drover.listen=127.0.0.1:0",
                "--drover.document-root=" + sites(),
                "--drover.run-directory=" + runDirectory(),
                "--drover.state-directory=" + directory.resolve("state"),
                "--drover.log-directory=" + logs(),
                "--drover.admin.port=0",
                "--drover.admin.management-port=0",
                "--drover.admin.password-file=" + directory.resolve("password")));
        command.addAll(settings);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("up.out").toFile());
        // What the environment says is for checks, such as DROVER_FUZZ_SECONDS, and no setting of the farm.
        builder.environment().keySet().removeIf(name -> name.startsWith("DROVER_") && !name.equals("DROVER_JAVA_HOME"));
        return builder.start();
    }

    private void awaitUp() {
        boolean up = Deadline.within(PATIENCE).until(() -> output().contains("Ctrl+C stops") || !process.isAlive());
        said = output();
        if (!up || !process.isAlive()) {
            throw new FarmFailed("no farm came up in " + directory + ": " + said);
        }
        if (!Deadline.within(PATIENCE).until(this::isWhole)) {
            throw new FarmFailed("not all workers came up in " + directory + ": " + said);
        }
        pids = livingPids();
        region = Optional.empty();
    }

    private RegionReader region() throws IOException {
        if (region.isEmpty()) {
            region = Optional.of(
                    new RegionReader(Region.openToRead(runDirectory().resolve("region"))));
        }
        return region.get();
    }

    private boolean isWhole() {
        try {
            var metrics = metrics();
            return metrics.sum("drover_worker_up") == metrics.count("drover_worker_up");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Starts it again in the same directories, after its admin has ended. */
    public void startAgain() throws IOException {
        Files.delete(directory.resolve("up.out"));
        process = launch();
        awaitUp();
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("up.out"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // ---- where it is

    /** Where it serves. */
    public InetSocketAddress address() {
        return new InetSocketAddress(site().getHost(), site().getPort());
    }

    public URI site() {
        return printed("site");
    }

    /** Dashboard and API. */
    public URI dashboard() {
        return printed("dashboard");
    }

    /** What Prometheus reads, now. */
    public Metrics metrics() throws IOException {
        return Metrics.read(metricsAddress());
    }

    /** Where Prometheus reads. */
    public URI metricsAddress() {
        return printed("metrics");
    }

    private URI printed(String name) {
        var line = Pattern.compile("^ +" + name + " +(http\\S+)$", Pattern.MULTILINE)
                .matcher(said);
        if (!line.find()) {
            throw new FarmFailed("drover up did not print where its " + name + " is: " + said);
        }
        return URI.create(line.group(1));
    }

    /** The document root, with {@code default} in it. */
    public Path sites() {
        return directory.resolve("sites");
    }

    public Path logs() {
        return directory.resolve("log");
    }

    public Path runDirectory() {
        return directory.resolve("run");
    }

    /** In which everything of this farm lies. */
    public Path directory() {
        return directory;
    }

    // ---- its processes

    /** Admin, master and workers, without the shell of {@code drover}. */
    public List<Long> processes() {
        return List.copyOf(livingPids().values());
    }

    /** Master and workers: those that a client has to do with. */
    public List<Long> processesOfTheRoad() {
        return livingPids().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("admin"))
                .map(Map.Entry::getValue)
                .toList();
    }

    public long admin() {
        return process.pid();
    }

    public long master() {
        return named("master");
    }

    /** Who sits in a slot now; the one that serves, if there are two. */
    public long worker(int slot) {
        return named("worker " + slot);
    }

    /** Workers in the order of their slots. */
    public List<Long> workers() {
        return livingPids().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("worker"))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Whether a worker sits in a slot, is not that one, and takes connections: by what it says itself, which costs it nothing. */
    public boolean isUp(int slot, long otherThan) {
        try {
            var reader = region();
            return IntStream.range(0, RegionLayout.SEATS)
                    .mapToObj(seat -> reader.seat(slot, seat))
                    .anyMatch(seat -> seat.state() == SeatState.READY
                            && seat.pid() != otherThan
                            && ProcessHandle.of(seat.pid()).isPresent());
        } catch (IOException notYet) {
            return false;
        }
    }

    public boolean hasMasterOtherThan(long pid) {
        var master = livingPids().get("master");
        return master != null && master != pid;
    }

    /** Whether nothing of it lives. */
    public boolean isGone() {
        return Processes.withArgument(runDirectory().toString()).isEmpty();
    }

    private long named(String name) {
        var pid = livingPids().get(name);
        if (pid == null) {
            throw new FarmFailed("there is no " + name + " among " + livingPids());
        }
        return pid;
    }

    /** By name; a worker in a second seat has {@code /1} behind its slot. */
    private Map<String, Long> livingPids() {
        var living = new TreeMap<String, Long>();
        Processes.withArgument(runDirectory().toString())
                .forEach((pid, arguments) -> name(arguments).ifPresent(name -> living.merge(name, pid, Math::max)));
        return living;
    }

    private static Optional<String> name(List<String> arguments) {
        if (arguments.getFirst().endsWith("drover-master")) {
            return Optional.of("master");
        }
        if (arguments.contains("drover.admin.Drover")) {
            return Optional.of("admin");
        }
        int slot = arguments.indexOf("--slot");
        return slot < 0 ? Optional.empty() : Optional.of("worker " + arguments.get(slot + 1));
    }

    /** Whoever lives now is expected to live in the end: called by a check after it has killed or replaced somebody. */
    public void expectThese() {
        pids = livingPids();
    }

    /** Lines of level ERROR that match this are what the check has caused on purpose. */
    public void expectErrors(String pattern) {
        expectedErrors.add(Pattern.compile(pattern));
    }

    // ---- the end

    /** Stops it as Ctrl+C does, and judges what it did and what it left. */
    public void end(Findings findings) {
        var living = livingPids();
        findings.judge("processes in the end", living.toString(), pids.toString(), living.equals(pids));
        try {
            stop(findings);
            var errors = errors();
            findings.judge("errors in logs", errors.isEmpty() ? "0" : errors.getFirst(), "0", errors.isEmpty());
            var reports = crashReports();
            findings.judge("crash reports", reports.isEmpty() ? "0" : reports.getFirst(), "0", reports.isEmpty());
        } catch (IOException | InterruptedException failure) {
            findings.fail("the farm's end", String.valueOf(failure));
        } finally {
            abandon();
        }
    }

    private void stop(Findings findings) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        process.destroy();
        boolean ended = process.waitFor(TO_LEAVE.toSeconds(), TimeUnit.SECONDS);
        var left = Processes.withArgument(runDirectory().toString()).keySet();
        findings.judge("processes left behind", left.toString(), "[]", ended && left.isEmpty());
        findings.atMost("farm gone after", (System.nanoTime() - begun) / 1e9, 12, "s");
        try (var files = Files.exists(runDirectory()) ? Files.list(runDirectory()) : Stream.<Path>empty()) {
            var sockets =
                    files.filter(file -> file.toString().endsWith(".sock")).toList();
            findings.judge("sockets left behind", sockets.toString(), "[]", sockets.isEmpty());
        }
    }

    /** Kills whatever is still there. */
    private void abandon() {
        process.destroyForcibly();
        Processes.withArgument(runDirectory().toString()).keySet().forEach(Processes::kill);
    }

    /** Each with the beginning of the stack trace below it, as the logs go with the farm. */
    private List<String> errors() throws IOException {
        var errors = new ArrayList<String>();
        for (var log : logFiles("(admin|master|worker-\\d+)\\.log")) {
            var lines = Files.readAllLines(log);
            for (int at = 0; at < lines.size(); at++) {
                var line = lines.get(at);
                if (ERROR_LINE.matcher(line).find()
                        && expectedErrors.stream()
                                .noneMatch(pattern -> pattern.matcher(line).find())) {
                    var trace = lines.subList(at + 1, Math.min(lines.size(), at + 1 + TRACE_LINES)).stream()
                            .takeWhile(next -> !DATED_LINE.matcher(next).find());
                    errors.add(Stream.concat(Stream.of(log.getFileName() + ": " + line), trace)
                            .collect(Collectors.joining("\n")));
                }
            }
        }
        return errors;
    }

    private List<String> crashReports() throws IOException {
        return logFiles("hs_err.*").stream().map(Path::toString).toList();
    }

    private List<Path> logFiles(String pattern) throws IOException {
        try (var files = Files.list(logs())) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }
}
