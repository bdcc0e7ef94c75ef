package drover.admin.logs;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.logs.LogLine.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFollowerTest {

    private static final int MOST = 3;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void only_what_is_added_is_handed_over_and_only_whole_lines() throws IOException {
        append("old\n");
        try (var follower = follower(LogFilter.ALL)) {
            assertThat(look(follower)).isEmpty();
            append("new\nhal");
            assertThat(look(follower)).containsExactly("new");
            append("f\n");
            assertThat(look(follower)).containsExactly("half");
        }
    }

    @Test
    void a_log_that_is_cut_or_replaced_begins_anew() throws IOException {
        append("a line before\n");
        try (var follower = follower(LogFilter.ALL)) {
            Files.writeString(log(), "");
            append("cut\n");
            assertThat(look(follower)).containsExactly("cut");

            append("last\n");
            Files.move(log(), directory.resolve("moved"));
            append("first\n");
            assertThat(look(follower)).containsExactly("last");
            assertThat(look(follower)).containsExactly("first");
        }
    }

    @Test
    void a_log_that_is_not_there_yet_is_waited_for() throws IOException {
        try (var follower = follower(LogFilter.ALL)) {
            assertThat(look(follower)).isEmpty();
            append("first\n");
            assertThat(look(follower)).containsExactly("first");
        }
    }

    @Test
    void of_more_than_may_be_sent_the_latest_are_and_the_others_are_counted() throws IOException {
        append("");
        try (var follower = follower(LogFilter.ALL)) {
            append("1\n2\n3\n4\n5\n");

            var news = follower.look();

            assertThat(news.lines()).extracting(LogLine::text).containsExactly("3", "4", "5");
            assertThat(news.passedOver()).isEqualTo(2);
        }
    }

    @Test
    void a_flood_is_passed_over_up_to_its_end() throws IOException {
        append("");
        try (var follower = follower(LogFilter.ALL)) {
            append(("x".repeat(999) + "\n").repeat(3000) + "end\n");

            var news = follower.look();

            assertThat(news.lines()).last().extracting(LogLine::text).isEqualTo("end");
            assertThat(news.lines())
                    .allMatch(line -> line.text().length() == 999 || line.text().equals("end"));
            assertThat(news.passedOver()).isGreaterThan(1000);
        }
    }

    @Test
    void lines_without_a_level_belong_to_the_one_before() throws IOException {
        append("");
        try (var follower = follower(new LogFilter(Optional.empty(), Optional.of(Level.WARN)))) {
            append("2026-11-27T10:00:01.000Z WARN hm\n\tat here\n2026-11-27T10:00:02.000Z INFO fine\nand so on\n");

            assertThat(look(follower)).containsExactly("hm", "\tat here");
        }
    }

    private LogFollower follower(LogFilter filter) throws IOException {
        return new LogFollower(log(), filter, MOST);
    }

    private static List<String> look(LogFollower follower) throws IOException {
        return follower.look().lines().stream().map(LogLine::text).toList();
    }

    private Path log() {
        return directory.resolve("a.log");
    }

    private void append(String text) throws IOException {
        Files.writeString(log(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
