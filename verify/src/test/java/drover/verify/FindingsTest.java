package drover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import drover.verify.Finding.Verdict;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private final Findings findings = new Findings(_ -> {});

    @Test
    void what_is_at_the_limit_passes_and_what_is_beyond_fails() {
        findings.atMost("p99", 20, 20, "ms");
        findings.atMost("p99", 20.01, 20, "ms");
        findings.atLeast("requests", 99_999, 100_000, "");

        assertThat(findings.all())
                .extracting(Finding::verdict)
                .containsExactly(Verdict.PASS, Verdict.FAIL, Verdict.FAIL);
    }

    @Test
    void what_was_not_measured_is_never_a_pass() {
        findings.atMost("p99", Double.NaN, 20, "ms");
        findings.atLeast("requests", Double.NaN, 1, "");

        assertThat(findings.all()).extracting(Finding::verdict).containsOnly(Verdict.FAIL);
    }

    @Test
    void a_number_is_shown_with_as_many_digits_as_matter() {
        findings.atMost("p99", 3.14159, 20, "ms");
        findings.atMost("bytes", 1_234_567.8, 2_000_000, "");

        assertThat(findings.all()).extracting(Finding::measured).containsExactly("3.14 ms", "1,234,568");
        assertThat(findings.all()).extracting(Finding::figure).containsExactly("≤ 20 ms", "≤ 2,000,000");
    }
}
