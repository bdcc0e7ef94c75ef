package drover.engine.conformance;

import drover.engine.conformance.Case.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what passed, by group and level, and writes it as a table. */
final class Scores {

    private record Score(int passed, int played) {

        Score with(Verdict verdict) {
            return new Score(passed + (verdict.passed() ? 1 : 0), played + 1);
        }

        Score plus(Score other) {
            return new Score(passed + other.passed, played + other.played);
        }

        @Override
        public String toString() {
            return played == 0 ? "" : passed + "/" + played;
        }
    }

    private static final Score NONE = new Score(0, 0);

    private final Map<String, Map<Level, Score>> groups = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    void add(Case played, Verdict verdict) {
        groups.computeIfAbsent(played.group(), _ -> new LinkedHashMap<>())
                .merge(played.level(), NONE.with(verdict), Score::plus);
        if (!verdict.passed()) {
            failures.add(played.group() + ": " + played + "\n    " + String.join("\n    ", verdict.faults()));
        }
    }

    @Override
    public String toString() {
        var table = new StringBuilder(line("", List.of("MUST", "SHOULD", "SECURITY", "HOUSE", "all")));
        groups.forEach((group, scores) -> table.append(row(group, scores)));
        var all = new LinkedHashMap<Level, Score>();
        groups.values().forEach(scores -> scores.forEach((level, score) -> all.merge(level, score, Score::plus)));
        table.append(row("all", all));
        failures.forEach(failure -> table.append('\n').append(failure));
        return table.append('\n').toString();
    }

    private static String row(String name, Map<Level, Score> scores) {
        var cells = new ArrayList<String>();
        for (var level : Level.values()) {
            cells.add(scores.getOrDefault(level, NONE).toString());
        }
        cells.add(scores.values().stream().reduce(NONE, Score::plus).toString());
        return line(name, cells);
    }

    private static String line(String name, List<String> cells) {
        var line = new StringBuilder("%-16s".formatted(name));
        cells.forEach(cell -> line.append("%10s".formatted(cell)));
        return line.append('\n').toString();
    }
}
