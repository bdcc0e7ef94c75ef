package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.RunningDrover.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be started is refused in one clear line, with an exit code, and leaves nothing behind. */
class RefusalIT {

    private Path directory = Path.of("");

    @BeforeEach
    void make() throws IOException {
        directory = RunningDrover.newDirectory();
        Files.createDirectories(directory.resolve("sites/default"));
        Files.writeString(directory.resolve("password"), RunningDrover.PASSWORD);
    }

    @AfterEach
    void delete() throws IOException {
        RunningDrover.delete(directory);
    }

    @Test
    void a_misspelt_key() throws Exception {
        var config = Files.writeString(directory.resolve("drover.yml"), "drover:\n  worker: 2\n");

        var answer = up(List.of(), "--config", config.toString());

        assertRefused(answer, 2, config + ":2: unknown key drover.worker; did you mean drover.workers?");
    }

    @Test
    void a_port_in_use() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = "127.0.0.1:" + taken.getLocalPort();

            var answer = up(List.of(), "--drover.listen=" + address);

            assertRefused(answer, 1, "cannot listen on " + address);
        }
    }

    @Test
    void a_dashboard_port_in_use() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var answer = up(List.of(), "--drover.admin.port=" + taken.getLocalPort());

            assertRefused(answer, 2, "admin.port 127.0.0.1:" + taken.getLocalPort() + " cannot be used");
        }
    }

    @Test
    void a_missing_document_root() throws Exception {
        var answer = up(List.of(), "--drover.document-root=" + directory.resolve("nowhere"));

        assertRefused(answer, 2, "document-root " + directory.resolve("nowhere") + " is no directory");
    }

    @Test
    void a_run_directory_that_cannot_be_written() throws Exception {
        var answer = up(List.of(), "--drover.run-directory=/proc/drover");

        assertRefused(answer, 2, "cannot use run-directory /proc/drover");
    }

    @Test
    void a_password_that_is_too_short() throws Exception {
        Files.writeString(directory.resolve("password"), "short");

        assertRefused(up(List.of()), 2, "The password must have at least 12 characters.");
    }

    @Test
    void a_password_that_is_guessed_first() throws Exception {
        Files.writeString(directory.resolve("password"), "Administrator1!");

        assertRefused(up(List.of()), 2, "is little else than words that are guessed first");
    }

    @Test
    void a_dashboard_that_others_could_reach_without_tls() throws Exception {
        var answer = up(List.of("DROVER_ADMIN_ADDRESS=0.0.0.0"));

        assertRefused(
                answer, 2, "environment, DROVER_ADMIN_ADDRESS: drover.admin.address 0.0.0.0 can be reached from other");
        assertThat(answer.output()).contains("admin.tls.certificate", "admin.allow-plain-http: true");
    }

    @Test
    void a_key_that_is_none() throws Exception {
        var files = Certificate.in(directory);
        Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        var answer = up(
                List.of(),
                "--drover.admin.tls.certificate=" + files.certificate(),
                "--drover.admin.tls.key=" + files.key());

        assertRefused(answer, 2, "drover.admin.tls.key " + files.key());
    }

    @Test
    void a_jdk_that_is_too_old() throws Exception {
        var jdk = Files.createDirectories(directory.resolve("jdk-17"));
        Files.createDirectory(jdk.resolve("bin"));
        for (var tool : List.of("java", "javac")) {
            assertThat(Files.createFile(jdk.resolve("bin").resolve(tool))
                            .toFile()
                            .setExecutable(true))
                    .isTrue();
        }
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");

        var answer = up(List.of("DROVER_JAVA_HOME=" + jdk));

        assertRefused(answer, 2, "holds Java 17; Java 25 or newer is needed");
    }

    private Answer up(List<String> environment, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(RunningDrover.COMMAND.toString(), "up"));
        command.addAll(RunningDrover.within(directory));
        command.addAll(List.of(arguments));
        return Answer.of(command, environment);
    }

    private void assertRefused(Answer answer, int exitCode, String why) throws IOException {
        assertThat(answer.output().lines().filter(line -> line.startsWith("drover: ")))
                .as(answer.output())
                .singleElement()
                .asString()
                .contains(why);
        assertThat(answer.output()).doesNotContain("Exception", "\tat ");
        assertThat(answer.exitCode()).as(answer.output()).isEqualTo(exitCode);
        assertThat(directory.resolve("run")).doesNotExist();
        assertThat(ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(this::isOurs))
                .isEmpty();
    }

    private boolean isOurs(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(directory.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
