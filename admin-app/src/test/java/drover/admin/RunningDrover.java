package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real Drover, started by the command {@code drover} as a person does, with directories and ports of its own. */
final class RunningDrover implements AutoCloseable {

    static final String PASSWORD = "a password for tests";
    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final Path COMMAND = Path.of("..", "drover").toAbsolutePath().normalize();

    private final Path command;
    private final Path directory;
    private final List<String> settings;
    private final boolean configured;
    private final Map<String, String> environment;
    private Process process;
    private String said = "";

    private RunningDrover(
            Path command, Path directory, List<String> settings, boolean configured, Map<String, String> environment)
            throws IOException {
        this.configured = configured;
        this.environment = environment;
        this.command = command;
        this.directory = directory;
        this.settings = settings;
        this.process = launch();
    }

    /** One that serves, with a document root of {@code default/index.html} and whatever the caller adds. */
    static RunningDrover start(String... settings) throws IOException {
        return start(COMMAND, newDirectory(), settings);
    }

    /** One that runs from a copy of the distribution, {@code installed} in its directory, which a test may break. */
    static RunningDrover startInstalled(String... settings) throws IOException {
        var directory = newDirectory();
        install(directory);
        return start(directory.resolve("installed/drover"), directory, settings);
    }

    /**
     * The same with a configuration of its own, {@code drover.yml} in its directory, whose name stands for DIR in the text;
     * where it listens, and what is served, only the file says.
     */
    static RunningDrover startConfigured(Path directory, String yaml) throws IOException {
        install(directory);
        var file = Files.writeString(directory.resolve("drover.yml"), yaml.replace("DIR", directory.toString()));
        var command = directory.resolve("installed/drover");
        return start(command, directory, List.of("--config", file.toString()), /* configured= */ true, Map.of());
    }

    /** The same, told by the environment where its configuration is and who wants to know how it gets on. */
    static RunningDrover startService(Path directory, String yaml, String notifySocket) throws IOException {
        install(directory);
        var file = Files.writeString(directory.resolve("drover.yml"), yaml.replace("DIR", directory.toString()));
        var environment = Map.of("DROVER_CONFIG", file.toString(), "NOTIFY_SOCKET", notifySocket);
        var command = directory.resolve("installed/drover");
        return start(command, directory, List.of(), /* configured= */ true, environment);
    }

    private static void install(Path directory) throws IOException {
        var from = COMMAND.resolveSibling("target/dist");
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                copy(file, directory.resolve("installed/target/dist").resolve(from.relativize(file)));
            }
        }
        for (var name : List.of("drover", ".mvn/find-jdk.sh", "config/drover.yml")) {
            copy(COMMAND.resolveSibling(name), directory.resolve("installed").resolve(name));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static RunningDrover start(Path command, Path directory, String... settings) throws IOException {
        return start(command, directory, Arrays.asList(settings), /* configured= */ false, Map.of());
    }

    private static RunningDrover start(
            Path command, Path directory, List<String> settings, boolean configured, Map<String, String> environment)
            throws IOException {
        Files.writeString(directory.resolve("password"), PASSWORD);
        Files.createDirectories(directory.resolve("sites/default"));
        Files.writeString(directory.resolve("sites/default/index.html"), "<!doctype html><title>Test</title>");
        var drover = new RunningDrover(command, directory, settings, configured, environment);
        try {
            drover.awaitUp();
            return drover;
        } catch (RuntimeException | AssertionError failure) {
            drover.close();
            throw failure;
        }
    }

    /** On tmpfs, where a run directory belongs. */
    static Path newDirectory() throws IOException {
        return Files.createTempDirectory(Path.of("/dev/shm"), "drover-it-");
    }

    /** The arguments that keep a Drover to a directory. */
    static List<String> within(Path directory) {
        return List.of(
                "--drover.listen=127.0.0.1:0",
                "--drover.document-root=" + directory.resolve("sites"),
                "--drover.run-directory=" + directory.resolve("run"),
                "--drover.state-directory=" + directory.resolve("state"),
                "--drover.log-directory=" + directory.resolve("log"),
                "--drover.admin.port=0",
                "--drover.admin.management-port=0",
                "--drover.admin.password-file=" + directory.resolve("password"));
    }

    /** In a session of its own, as in a terminal of its own; SIGINT counts, even if the tests run in some script's background. */
    private Process launch() throws IOException {
        var command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT", this.command.toString(), "up"));
        within(directory).stream()
                .filter(setting -> !configured || !setting.matches("--drover\\.(listen|document-root)=.*"))
                .forEach(command::add);
        command.addAll(settings);
        Files.deleteIfExists(directory.resolve("up.out"));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("up.out").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitUp() {
        await("drover up")
                .atMost(PATIENCE)
                .failFast(() -> assertThat(process.isAlive()).as(this::output).isTrue())
                .until(() -> output().contains("Ctrl+C stops"));
        said = output();
    }

    /** Starts it again in the same directories, after its admin has ended. */
    void startAgain() throws IOException {
        process = launch();
        awaitUp();
    }

    String output() {
        try {
            return Files.readString(directory.resolve("up.out"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    // ---- where it is

    Path path(String name) {
        return directory.resolve(name);
    }

    URI site(String path) {
        return address("site").resolve(path);
    }

    URI dashboard(String path) {
        return address("dashboard").resolve(path);
    }

    URI management(String path) {
        return address("metrics").resolve(path);
    }

    private URI address(String name) {
        var line = Pattern.compile("^ +" + name + " +(http\\S+)$", Pattern.MULTILINE)
                .matcher(said);
        assertThat(line.find()).as(said).isTrue();
        return URI.create(line.group(1));
    }

    // ---- its processes

    long adminPid() {
        return process.pid();
    }

    /** Living processes of this farm whose command line holds a word. */
    List<Long> pids(String word) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid ->
                        commandLine(pid).contains(directory.resolve("run").toString())
                                && commandLine(pid).contains(word))
                .sorted()
                .toList();
    }

    /** Everything that still lives and was started for our directory. */
    List<Long> left() {
        return pids("");
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    }

    /** Sends a signal by name, such as STOP. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** What a terminal does on Ctrl+C: SIGINT to the whole foreground group. */
    void interrupt() throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-INT", "--", "-" + process.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Its exit code; it is not for us to end it. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Runs another command of {@code drover} for this farm; what it said follows its exit code. */
    Answer command(String name) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(COMMAND.toString(), name));
        command.addAll(within(directory));
        return Answer.of(command, List.of());
    }

    /** Runs a command with arguments for this farm; what it said, errors among it, follows its exit code. */
    Answer ask(String... commandAndArguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(COMMAND.toString()));
        command.addAll(Arrays.asList(commandAndArguments));
        command.addAll(within(directory));
        return Answer.of(command, List.of());
    }

    /** Runs a command that is about no farm, with something to read. */
    Answer command(String name, String input, String... arguments) throws IOException, InterruptedException {
        var file = Files.writeString(path("input"), input);
        var shell = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" < " + file, "sh", COMMAND.toString(), name));
        shell.addAll(Arrays.asList(arguments));
        return Answer.of(shell, List.of());
    }

    /** What a command said. */
    record Answer(int exitCode, String output) {

        static Answer of(List<String> command, List<String> environment) throws IOException, InterruptedException {
            var output = Files.createTempFile("drover-it-", ".out");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            environment.forEach(
                    variable -> builder.environment().put(variable.split("=", 2)[0], variable.split("=", 2)[1]));
            var process = builder.start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroy();
            var said = Files.readString(output);
            Files.delete(output);
            assertThat(ended).as(said).isTrue();
            return new Answer(process.exitValue(), said);
        }
    }

    // ---- the end

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            await().atMost(PATIENCE).until(() -> !process.isAlive());
        } finally {
            left().forEach(RunningDrover::kill);
            delete(directory);
        }
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
