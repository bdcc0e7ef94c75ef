package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_writer_that_holds_its_log_goes_on_in_the_new_one_and_no_line_is_torn() throws Exception {
        var files = new OutputFiles(directory, 0, 3);
        var log = files.worker(1);
        var writer = new ProcessBuilder("bash", "-c", "for ((i = 0; ; i++)); do echo \"line $i of the writer\"; done")
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        try {
            for (int round = 0; round < 5; round++) {
                await().until(() -> Files.exists(log) && Files.size(log) > 10_000);
                files.rotate(log);
                assertThat(Files.size(log)).isLessThan(Files.size(directory.resolve("worker-1.log.1")));
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }

        assertThat(directory.resolve("worker-1.log.4")).doesNotExist();
        for (var name : List.of("worker-1.log.1", "worker-1.log.2", "worker-1.log.3")) {
            assertThat(Files.readAllLines(directory.resolve(name)))
                    .allSatisfy(line -> assertThat(line).matches("line \\d+ of the writer"));
        }
    }

    @Test
    void the_newest_of_the_earlier_files_is_number_1() throws IOException {
        var files = new OutputFiles(directory, 0, 2);
        for (var text : List.of("first", "second", "third")) {
            Files.writeString(files.master(), text);
            files.rotate(files.master());
        }

        assertThat(directory.resolve("master.log.1")).hasContent("third");
        assertThat(directory.resolve("master.log.2")).hasContent("second");
        assertThat(files.master()).isEmptyFile();
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).hasSize(3);
        }
    }

    @Test
    void the_last_line_is_found_at_the_end_of_a_long_log() throws IOException {
        var log = Files.writeString(directory.resolve("worker-1.log"), "x".repeat(100_000) + "\nthe end\n\n");

        assertThat(OutputFiles.lastLine(log)).contains("the end");
        assertThat(OutputFiles.lastLine(directory.resolve("none"))).isEmpty();
    }

    @Test
    void a_thread_dump_is_kept_and_what_is_none_is_not() throws IOException {
        var files = new OutputFiles(directory, 0, 2);
        Files.writeString(files.worker(1), "before\n");
        files.keepDump(1, 42);
        files.keepDump(2, 43);

        Files.writeString(files.worker(1), "before\nFull thread dump\n\"loop-0\"\n");

        await().until(() -> !dumps().isEmpty());
        assertThat(dumps()).hasSize(1);
        assertThat(dumps().getFirst()).hasContent("Full thread dump\n\"loop-0\"\n");
        assertThat(dumps().getFirst().getFileName().toString()).matches("hang-worker-1-\\d{8}-\\d{6}-pid42\\.txt");
        files.close();
    }

    private List<Path> dumps() throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith("hang-"))
                    .toList();
        }
    }
}
