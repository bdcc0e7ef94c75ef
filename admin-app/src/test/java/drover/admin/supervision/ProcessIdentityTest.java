package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    @Test
    void a_process_is_alive_until_it_is_killed() throws Exception {
        var process = new ProcessBuilder("cat").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        assertThat(identity.isAlive()).isTrue();

        identity.kill();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void another_process_with_the_same_pid_is_somebody_else() throws IOException {
        var process = new ProcessBuilder("cat").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        var predecessor = new ProcessIdentity(identity.pid(), identity.startTicks() - 1);

        predecessor.kill();
        predecessor.terminate();

        assertThat(predecessor.isAlive()).isFalse();
        assertThat(predecessor.commandNames("cat")).isFalse();
        assertThat(identity.isAlive()).isTrue();
        identity.kill();
    }

    @Test
    void a_name_with_spaces_and_parentheses_is_read_past() throws Exception {
        var process = new ProcessBuilder("bash", "-c", "exec -a 'x) R 1 (y' sleep 60").start();

        var identity = ProcessIdentity.of(process.pid());

        assertThat(identity).isPresent();
        identity.get().kill();
    }

    @Test
    void the_command_line_tells_whose_process_it_is() throws IOException {
        var process = new ProcessBuilder("tail", "-f", "/dev/null").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();

        assertThat(identity.commandNames("/dev/null")).isTrue();
        assertThat(identity.commandNames("worker-engine")).isFalse();
        identity.kill();
    }
}
