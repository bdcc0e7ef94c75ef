package drover.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a release archive says of the commands. */
class PagesTest {

    /** Want sources, which an archive has not. */
    private static final List<String> OF_A_CHECKOUT = List.of("test", "bench", "verify", "release");

    @TempDir
    private Path directory = Path.of("");

    /** The commands of the script, off its own list. */
    private static List<String> commands() throws IOException {
        return Files.readAllLines(Path.of("../drover")).stream()
                .filter(line -> line.matches("[a-z-]+( \\| [a-z-]+)*\\)"))
                .flatMap(line -> Stream.of(line.replace(")", "").split(" \\| ", -1)))
                .distinct()
                .filter(command -> !OF_A_CHECKOUT.contains(command) && !command.startsWith("-"))
                .toList();
    }

    @Test
    void the_manual_has_every_command_and_says_what_it_does() throws IOException {
        var manual = Pages.manual();

        assertThat(commands())
                .hasSizeGreaterThan(18)
                .allSatisfy(command -> assertThat(manual)
                        .containsPattern("(?m)^\\.SS " + command.replace("-", "\\\\-") + "\\b.*\n[A-Z]"));
        assertThat(manual).contains(".SS config rollback", "\\fB\\-o\\fR \\fIFORMAT\\fR");
        assertThat(manual.lines()).noneMatch(line -> line.contains("%n") || line.contains("@|"));
    }

    @Test
    void bash_completes_commands_and_their_options() throws Exception {
        var file = Files.writeString(directory.resolve("drover"), Pages.completion());

        assertThat(completed(file, "drover", "re"))
                .contains("restart", "reload")
                .doesNotContain("up");
        assertThat(completed(file, "drover", "u")).containsExactly("up");
        assertThat(completed(file, "drover", "config", "roll")).containsExactly("rollback");
        assertThat(completed(file, "drover", "status", "--con")).containsExactly("--config");
    }

    private List<String> completed(Path file, String... words) throws IOException, InterruptedException {
        var script = """
                . "$1"; shift
                COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
                _complete_drover && printf '%s\\n' "${COMPREPLY[@]}"
                """;
        var output = directory.resolve("output");
        var command = Stream.concat(Stream.of("bash", "-c", script, "bash", file.toString()), Stream.of(words))
                .toList();
        var bash = new ProcessBuilder(command)
                .redirectError(Redirect.DISCARD) // compopt complains of being called without a Tab
                .redirectOutput(output.toFile())
                .start();
        assertThat(bash.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return Files.readAllLines(output);
    }
}
