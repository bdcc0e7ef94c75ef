package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import drover.admin.shared.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir
    private Path parent = Path.of("");

    @Test
    void it_is_made_for_us_alone() throws IOException {
        var directory = new RunDirectory(parent.resolve("run"));

        directory.create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void one_that_others_may_enter_is_closed_to_them() throws IOException {
        var directory = new RunDirectory(Files.createDirectory(
                parent.resolve("open"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))));

        directory.create();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_link_is_refused() throws IOException {
        var link = Files.createSymbolicLink(parent.resolve("link"), Files.createDirectory(parent.resolve("target")));

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(() -> new RunDirectory(link).create())
                .withMessageContaining("it is no directory");
    }

    @Test
    void a_path_too_long_for_sockets_is_refused() {
        var directory = new RunDirectory(parent.resolve("x".repeat(100)));

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(directory::create)
                .withMessageContaining("too long for sockets in it");
        assertThat(directory.path()).doesNotExist();
    }

    @Test
    void a_path_below_a_file_is_refused() {
        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(() -> new RunDirectory(Path.of("/dev/null/run")).create())
                .withMessageStartingWith("cannot use run-directory /dev/null/run: ");
    }

    @Test
    void it_is_cleared_of_what_the_farm_left_and_nothing_else() throws IOException {
        var directory = new RunDirectory(parent.resolve("run"));
        directory.create();
        Files.createFile(directory.controlSocket());
        Files.createFile(directory.region());
        var foreign = Files.createFile(directory.path().resolve("notes.txt"));

        directory.clear();

        assertThat(directory.path()).isDirectoryContaining(file -> file.equals(foreign));
        assertThat(directory.region()).doesNotExist();
    }

    @Test
    void it_goes_when_nothing_is_left_in_it() throws IOException {
        var directory = new RunDirectory(parent.resolve("run"));
        directory.create();

        directory.clear();

        assertThat(directory.path()).doesNotExist();
    }
}
