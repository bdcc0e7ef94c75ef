package drover.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of usage, right and wrong. */
@SuppressWarnings("SystemOut")
class MainTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @BeforeEach
    void listen() {
        var stream = new PrintStream(said, /* autoFlush= */ true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "top",
                "workers",
                "health",
                "events",
                "crash",
                "logs",
                "restart",
                "scale",
                "drain",
                "stop",
                "start",
                "down",
                "hash-password"
            })
    void every_command_explains_itself(String command) {
        int exitCode = Main.run(command, "--help");

        assertThat(exitCode).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8)).startsWith("Usage: drover " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restart one",
                "restart 1 2",
                "scale",
                "scale many",
                "drain",
                "status -o yaml",
                "status extra",
                "top --twice",
                "events -n -1",
                "crash show",
                "crash list extra",
                "logs -n x",
                "logs --admin --master",
                "logs --worker 1 --access"
            })
    void wrong_usage_is_explained_and_exits_with_2(String line) {
        int exitCode = Main.run(line.split(" ", -1));

        assertThat(exitCode).isEqualTo(2);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("Usage: drover " + line.split(" ", -1)[0]);
    }
}
