package drover.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTailTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<String> read = new CopyOnWriteArrayList<>();
    private Thread follower = new Thread();

    @AfterEach
    void end() throws InterruptedException {
        follower.interrupt();
        follower.join();
    }

    private Path file() {
        return directory.resolve("log");
    }

    private void append(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void follow(int lines) {
        follower = new Thread(() -> {
            try {
                FileTail.of(file()).read(lines, /* follow= */ true, read::add);
            } catch (IOException failure) {
                read.add(failure.toString());
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        follower.start();
    }

    private void awaitLines(String... lines) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read).containsExactly(lines));
    }

    @Test
    void the_last_lines_are_the_last_whatever_their_length() throws Exception {
        var lines =
                IntStream.range(0, 50).mapToObj(i -> i + "x".repeat(i * 1000)).toList();
        append(String.join("\n", lines) + "\n");

        for (int count : List.of(0, 1, 7, 50, 60)) {
            read.clear();
            FileTail.of(file()).read(count, /* follow= */ false, read::add);

            assertThat(read).isEqualTo(lines.subList(Math.max(0, 50 - count), 50));
        }
    }

    @Test
    void a_line_is_shown_when_it_is_whole() throws Exception {
        append("one\ntw");
        follow(1);
        awaitLines("one");

        append("o\nthree\n");

        awaitLines("one", "two", "three");
    }

    @Test
    void a_file_that_is_cut_or_replaced_or_not_there_yet_is_followed_on() throws Exception {
        follow(5);
        append("one\n");
        awaitLines("one");

        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        append("2\n");
        awaitLines("one", "2");

        Files.move(file(), directory.resolve("log.1"));
        append("three\n");
        awaitLines("one", "2", "three");
    }
}
