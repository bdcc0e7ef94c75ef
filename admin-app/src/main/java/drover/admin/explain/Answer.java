package drover.admin.explain;

import drover.admin.explain.Explanation.Cache;
import drover.admin.explain.Explanation.Field;
import drover.admin.explain.Explanation.Rule;
import drover.admin.explain.Explanation.Site;
import drover.admin.explain.Explanation.State;
import drover.admin.explain.Explanation.WorkerCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one worker said: lines of a key, a space and a value, {@code docs/formats/worker.md}. Keys it does not know it passes over. */
final class Answer {

    private static final List<String> ONCE = List.of("error", "site", "directory", "why", "file", "cache", "status");

    private final int worker;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    private Answer(int worker) {
        this.worker = worker;
    }

    /** @throws IOException if the worker could not explain it, or said nonsense */
    static Answer of(int worker, String text) throws IOException {
        var answer = new Answer(worker);
        text.lines().forEach(answer::line);
        if (answer.value("error").isPresent()) {
            throw new IOException(answer.value("error").get());
        }
        if (answer.value("status").filter(status -> status.matches("\\d{3} .*")).isEmpty()) {
            throw new IOException("its answer is not whole");
        }
        return answer;
    }

    private void line(String line) {
        var parts = split(line, " ");
        switch (parts[0]) {
            case "rule" -> rules.add(new Rule(split(parts[1], " ")[0], split(parts[1], " ")[1]));
            case "field" -> fields.add(new Field(split(parts[1], ":")[0], split(parts[1], ":")[1].strip()));
            case "step" -> steps.add(parts[1]);
            default -> {
                if (ONCE.contains(parts[0])) {
                    values.putIfAbsent(parts[0], parts[1]);
                }
            }
        }
    }

    /** Two parts, always. */
    private static String[] split(String text, String separator) {
        int at = text.indexOf(separator);
        return at < 0
                ? new String[] {text, ""}
                : new String[] {text.substring(0, at), text.substring(at + separator.length())};
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** What its cache has. */
    WorkerCache cache() {
        var words = value("cache").orElse("none").split(" ", 4);
        var state = switch (words[0]) {
            case "hit" -> State.HIT;
            case "stale" -> State.STALE;
            case "miss" -> State.MISS;
            default -> State.NONE;
        };
        return words.length == 4 && words[1].matches("\\d{1,15}") && words[2].matches("\\d{1,6}")
                ? new WorkerCache(
                        worker,
                        state,
                        Long.parseLong(words[1]),
                        Integer.parseInt(words[2]),
                        List.of(words[3].split(",", -1)))
                : new WorkerCache(worker, state, 0, 0, List.of());
    }

    /** All of it, with what the caches of all workers have. */
    Explanation explanation(Question question, List<WorkerCache> caches) {
        var status = value("status").orElseThrow();
        return new Explanation(
                question.url(),
                question.method(),
                question.client().getHostAddress(),
                worker,
                value("site")
                        .map(name -> new Site(
                                name,
                                value("directory").orElse(""),
                                value("why").orElse(""))),
                rules,
                value("file"),
                new Cache(cache().state(), caches),
                Integer.parseInt(status.substring(0, 3)),
                status.substring(4),
                fields,
                steps);
    }
}
