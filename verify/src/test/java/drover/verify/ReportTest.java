package drover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import drover.verify.Finding.Verdict;
import drover.verify.Report.Result;
import drover.verify.checks.Serves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path directory;

    @Test
    void one_finding_that_failed_fails_the_check_whatever_else_passed() {
        assertThat(result(Verdict.PASS, Verdict.FAIL, Verdict.SKIPPED).verdict())
                .isEqualTo(Verdict.FAIL);
        assertThat(result(Verdict.PASS, Verdict.SKIPPED).verdict()).isEqualTo(Verdict.SKIPPED);
        assertThat(result(Verdict.PASS, Verdict.NOTE).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void the_table_has_a_row_for_each_finding_and_survives_any_text() throws IOException {
        var finding = new Finding("body", "a|b\nc", "a", Verdict.FAIL);

        var file = directory.resolve("deep/report.md");
        Report.write(file, List.of(new Result(new Serves(), List.of(finding))), "somewhere");

        assertThat(Files.readString(file)).endsWith("| serves | - | body | a\\|b c | a | FAIL |\n");
    }

    private static Result result(Verdict... verdicts) {
        return new Result(
                new Serves(),
                List.of(verdicts).stream()
                        .map(verdict -> new Finding("it", "1", "1", verdict))
                        .toList());
    }
}
