package drover.verify;

import drover.verify.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What came out: a line for each finding, and a Markdown table. */
final class Report {

    private Report() {}

    /** One check with everything it found. */
    record Result(Check check, List<Finding> findings) {

        Verdict verdict() {
            if (has(Verdict.FAIL)) {
                return Verdict.FAIL;
            }
            return has(Verdict.SKIPPED) ? Verdict.SKIPPED : Verdict.PASS;
        }

        private boolean has(Verdict verdict) {
            return findings.stream().anyMatch(finding -> finding.verdict() == verdict);
        }
    }

    /** As it is shown while checks run and in the summary. */
    static String line(Finding finding) {
        var figure = finding.figure().isEmpty() ? "" : "  (" + finding.figure() + ")";
        return "%-7s %s: %s%s".formatted(finding.verdict(), finding.what(), finding.measured(), figure);
    }

    /** A line for each check: name, rows, verdict, and what decided it. */
    static String summary(List<Result> results) {
        return results.stream()
                .map(result -> "%-7s %-18s %-8s %s"
                        .formatted(
                                result.verdict(),
                                result.check().name(),
                                result.check().rows(),
                                decisive(result)))
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    /** What failed or was skipped; if nothing, everything that the check itself measured. */
    private static String decisive(Result result) {
        var verdict = result.verdict();
        return result.findings().stream()
                .filter(finding -> finding.verdict() == verdict)
                .map(finding -> finding.what() + " " + finding.measured()
                        + (finding.figure().isEmpty() ? "" : " (" + finding.figure() + ")"))
                .collect(Collectors.joining("; "));
    }

    static void write(Path file, List<Result> results, String circumstances) throws IOException {
        var text = new StringBuilder("# What `./drover verify` found\n\n")
                .append(circumstances)
                .append("\n\n");
        text.append("| check | rows | what | measured | figure | |\n|---|---|---|---|---|---|\n");
        for (var result : results) {
            for (var finding : result.findings()) {
                text.append("| %s | %s | %s | %s | %s | %s |\n"
                        .formatted(
                                result.check().name(),
                                result.check().rows(),
                                cell(finding.what()),
                                cell(finding.measured()),
                                cell(finding.figure()),
                                finding.verdict()));
            }
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
