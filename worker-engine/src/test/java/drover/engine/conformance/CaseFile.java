package drover.engine.conformance;

import drover.engine.conformance.Case.Check;
import drover.engine.conformance.Case.End;
import drover.engine.conformance.Case.Expected;
import drover.engine.conformance.Case.Level;
import drover.engine.conformance.Case.Outcome;
import drover.engine.conformance.Case.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Reads a group of cases from its text file, {@code cases/GROUP.txt}.
 *
 * <pre>
 *   # a remark
 *   == name | where it is written | MUST, SHOULD, SECURITY or HOUSE
 *   > GET / HTTP/1.1              bytes to send, and CR LF after them
 *   >> GET /                      bytes to send, and nothing after them
 *   ...                           send what was written so far; the server has time to look at it
 *   fin                           the client sends no more
 *   < 200,206 keep                a response: its status codes; at the last one `close`, `keep` or `either`
 *   < 2xx head                    the same, where the request was HEAD
 *   < nothing close               no response at all
 *     + Allow ~ .*GET.*           it has this field, with a value that matches the pattern
 *     + Vary                      it has this field
 *     - ETag                      it has not
 *     = hello\n                   its body matches this pattern
 *   or                            another outcome that is as right
 *   rows                          the case is written once for each line that follows,
 *     first  second               its columns, parted by two spaces or more, in place of ${1}, ${2} …
 * </pre>
 *
 * In bytes to send, {@code \r \n \t \\ \0 \xHH} are what they are in C, <code>${a*3}</code> is {@code aaa}, and
 * <code>${etag}</code> is one of the values the runner asked the server for beforehand. What ends a name with {@code ${1}}
 * tells its rows apart.
 */
final class CaseFile {

    private final String group;
    private final UnaryOperator<String> values;
    private final List<Case> cases = new ArrayList<>();

    private CaseFile(String group, UnaryOperator<String> values) {
        this.group = group;
        this.values = values;
    }

    /** @param values gives what stands for the name in <code>${name}</code> */
    static List<Case> read(String group, UnaryOperator<String> values) {
        var file = new CaseFile(group, values);
        var block = new ArrayList<String>();
        for (var line : text(group).lines().toList()) {
            if (line.startsWith("== ") && !block.isEmpty()) {
                file.addRows(block);
                block.clear();
            }
            if (!line.isBlank() && !line.startsWith("#")) {
                block.add(line);
            }
        }
        file.addRows(block);
        return List.copyOf(file.cases);
    }

    /** A case of no group that asks for a path and takes any answer. */
    static Case question(String path) {
        return question("drover.test", path);
    }

    static Case question(String host, String path) {
        return parse("""
                == question | nowhere | HOUSE
                > GET %s HTTP/1.1
                > Host: %s
                >
                < 2xx,3xx,4xx,5xx
                """.formatted(path, host));
    }

    /** One case of no group. */
    static Case parse(String text) {
        return new CaseFile("none", name -> name).parse(text.lines().toList());
    }

    private static String text(String group) {
        try (InputStream file = CaseFile.class.getResourceAsStream("cases/" + group + ".txt")) {
            if (file == null) {
                throw new IllegalArgumentException("no cases/" + group + ".txt");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void addRows(List<String> block) {
        int rows = block.indexOf("rows");
        if (rows < 0) {
            cases.add(parse(block));
            return;
        }
        for (var row : block.subList(rows + 1, block.size())) {
            var columns = row.strip().split("\\s{2,}", -1);
            cases.add(parse(block.subList(0, rows).stream()
                    .map(line -> inPlace(line, columns))
                    .toList()));
        }
    }

    private static String inPlace(String line, String... columns) {
        var filled = line;
        for (int i = 0; i < columns.length; i++) {
            filled = filled.replace("${" + (i + 1) + "}", columns[i]);
        }
        return filled;
    }

    private Case parse(List<String> block) {
        var title = block.getFirst().substring(3).split("\\s+\\|\\s+", -1);
        if (title.length != 3) {
            throw new IllegalArgumentException(group + ": not a title: " + block.getFirst());
        }
        var steps = new ArrayList<Step>();
        var allowed = new ArrayList<Outcome>();
        var unsent = new StringBuilder();
        var responses = new ArrayList<Expected>();
        var end = End.EITHER;
        for (var line : block.subList(1, block.size())) {
            if (line.startsWith(">> ")) {
                unsent.append(line.substring(3));
            } else if (line.startsWith(">")) {
                unsent.append(line.length() > 1 ? line.substring(2) : "").append("\\r\\n");
            } else if (line.equals("...")) {
                steps.addAll(List.of(send(unsent), new Step.Pause()));
            } else if (line.equals("fin")) {
                steps.addAll(List.of(send(unsent), new Step.Finish()));
            } else if (line.startsWith("< ")) {
                end = addResponse(line.substring(2).split(" ", -1), responses);
            } else if (line.equals("or")) {
                allowed.add(new Outcome(List.copyOf(responses), end));
                responses.clear();
                end = End.EITHER;
            } else {
                responses.getLast().checks().add(check(line.strip()));
            }
        }
        if (!unsent.isEmpty()) {
            steps.add(send(unsent));
        }
        allowed.add(new Outcome(List.copyOf(responses), end));
        return new Case(
                group, title[0], title[1], Level.valueOf(title[2].strip()), List.copyOf(steps), List.copyOf(allowed));
    }

    private static End addResponse(String[] words, List<Expected> responses) {
        var said = List.of(words);
        if (!words[0].equals("nothing")) {
            responses.add(new Expected(List.of(words[0].split(",", -1)), said.contains("head"), new ArrayList<>()));
        }
        return List.of(End.CLOSE, End.KEEP).stream()
                .filter(end -> said.contains(end.name().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(End.EITHER);
    }

    private static Check check(String text) {
        var rest = text.length() > 1 ? text.substring(2) : "";
        return switch (text.charAt(0)) {
            case '+' -> {
                var nameAndPattern = rest.split(" ~ ", 2);
                yield new Check.Present(nameAndPattern[0], nameAndPattern.length > 1 ? nameAndPattern[1] : ".*");
            }
            case '-' -> new Check.Absent(rest);
            case '=' -> new Check.Body(rest);
            default -> throw new IllegalArgumentException("not a check: " + text);
        };
    }

    private Step send(StringBuilder unsent) {
        var octets = Escapes.undo(expand(unsent.toString()));
        unsent.setLength(0);
        return new Step.Send(octets);
    }

    private String expand(String text) {
        var expanded = new StringBuilder();
        int at = 0;
        for (int from = text.indexOf("${"); from >= 0; from = text.indexOf("${", at)) {
            int to = text.indexOf('}', from);
            expanded.append(text, at, from).append(value(text.substring(from + 2, to)));
            at = to + 1;
        }
        return expanded.append(text.substring(at)).toString();
    }

    private String value(String name) {
        int star = name.lastIndexOf('*');
        return star < 0
                ? values.apply(name)
                : name.substring(0, star).repeat(Integer.parseInt(name.substring(star + 1)));
    }
}
