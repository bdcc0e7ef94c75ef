package drover.admin.config;

import static org.assertj.core.api.Assertions.assertThat;

import drover.admin.config.Generation.Origin;
import drover.admin.config.Generation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationsTest {

    @TempDir
    private Path state = Path.of("");

    @Test
    void what_became_of_a_generation_is_read_again() {
        var generations = generations();
        var first = generations.propose("anna", Origin.PUT, "0.1.0", "drover:\n");

        generations.decide(first.number(), Verdict.REFUSED, "because");

        assertThat(generations().all())
                .isEqualTo(generations.all())
                .singleElement()
                .satisfies(read -> {
                    assertThat(read.number()).isEqualTo(1);
                    assertThat(read.verdict()).isEqualTo(Verdict.REFUSED);
                    assertThat(read.detail()).isEqualTo("because");
                    assertThat(read.text()).isEqualTo("drover:\n");
                });
    }

    @Test
    void the_last_twenty_are_kept_and_the_one_that_runs_however_old_it_is() throws IOException {
        var generations = generations();
        generations.decide(propose(generations).number(), Verdict.ACCEPTED, "");

        for (int i = 0; i < 30; i++) {
            generations.decide(propose(generations).number(), Verdict.REFUSED, "");
        }

        assertThat(generations.all())
                .hasSize(20)
                .last()
                .satisfies(last -> assertThat(last.number()).isEqualTo(31));
        assertThat(generations.accepted().map(Generation::number)).contains(1);
        try (var files = Files.list(state.resolve("config"))) {
            assertThat(files).hasSize(20);
        }
    }

    @Test
    void nobody_else_may_read_them_for_they_hold_hashes_of_passwords() throws IOException {
        propose(generations());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("config/1.json"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("config"))))
                .isEqualTo("rwx------");
    }

    @Test
    void one_that_is_damaged_is_as_good_as_none() throws IOException {
        propose(generations());
        propose(generations());
        Files.writeString(state.resolve("config/1.json"), "{\"number\":");

        assertThat(generations().all()).extracting(Generation::number).containsExactly(2);
    }

    private static Generation propose(Generations generations) {
        return generations.propose("anna", Origin.PUT, "0.1.0", "drover:\n");
    }

    private Generations generations() {
        return new Generations(state, Clock.systemUTC());
    }
}
