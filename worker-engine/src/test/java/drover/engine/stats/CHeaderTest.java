package drover.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code region_layout.h} to the Java enum and layout it is generated from. */
class CHeaderTest {

    private static final Path HEADER = Path.of("src/main/c/region_layout.h");

    @Test
    void the_committed_c_header_says_what_the_java_layout_says() throws IOException {
        var expected = CHeader.render();

        var committed = Files.exists(HEADER) ? Files.readString(HEADER) : "";

        if (!committed.equals(expected)) {
            Files.writeString(HEADER, expected);
        }
        assertThat(committed)
                .as("%s was out of date and has just been written anew: build again and commit it", HEADER)
                .isEqualTo(expected);
    }
}
