package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the conformance cases send, as bytes to begin with: {@code CaseFile} of the worker's tests says how they are written;
 * here only the lines that are sent matter.
 */
final class Seeds {

    private static final String CASES = "/drover/engine/conformance/cases/";
    private static final List<String> GROUPS = List.of(
            "request-line",
            "methods",
            "targets",
            "host",
            "fields",
            "limits",
            "connection",
            "pipelining",
            "framing",
            "paths",
            "responses",
            "conditionals",
            "ranges");

    private static final Pattern REPEATED = Pattern.compile("\\$\\{([^}*]+)\\*(\\d+)}");
    private static final Pattern NAMED = Pattern.compile("\\$\\{([a-z-]+)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9A-Fa-f]{2}|.)");

    private Seeds() {}

    /** What each case sends, rows and all. */
    static List<byte[]> streams() {
        return GROUPS.stream().flatMap(group -> streams(text(group)).stream()).toList();
    }

    /** The same of one file's text. */
    static List<byte[]> streams(String text) {
        var streams = new ArrayList<byte[]>();
        for (var block : text.split("(?m)^== ", -1)) {
            var parts = block.split("(?m)^rows$", 2);
            var sent = sent(parts[0]);
            if (sent.isEmpty()) {
                continue;
            }
            if (parts.length == 1) {
                streams.add(bytes(sent));
            } else {
                parts[1].lines()
                        .filter(row -> !row.isBlank() && !row.startsWith("#"))
                        .forEach(row ->
                                streams.add(bytes(filled(sent, row.strip().split("\\s{2,}", -1)))));
            }
        }
        return streams;
    }

    /** Inputs for a target that once did harm, a line each, written as cases are, in {@code LABEL.txt} beside this class. */
    static List<String> once(String label) {
        return resource(label + ".txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Seeds::unescaped)
                .toList();
    }

    private static String text(String group) {
        return resource(CASES + group + ".txt");
    }

    private static String resource(String name) {
        try (InputStream file = Seeds.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("no " + name + " on the class path");
            }
            return new String(file.readAllBytes(), ISO_8859_1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String sent(String block) {
        var sent = new StringBuilder();
        block.lines().forEach(line -> {
            if (line.startsWith(">> ")) {
                sent.append(line.substring(3));
            } else if (line.startsWith(">")) {
                sent.append(line.length() > 1 ? line.substring(2) : "").append("\\r\\n");
            }
        });
        return sent.toString();
    }

    private static String filled(String sent, String... columns) {
        var filled = sent;
        for (int i = 0; i < columns.length; i++) {
            filled = filled.replace("${" + (i + 1) + "}", columns[i]);
        }
        return filled;
    }

    private static byte[] bytes(String sent) {
        var named = NAMED.matcher(sent).replaceAll(match -> quoted(value(match.group(1))));
        return unescaped(named).getBytes(ISO_8859_1);
    }

    private static String unescaped(String text) {
        var repeated = REPEATED.matcher(text)
                .replaceAll(match -> quoted(match.group(1).repeat(Integer.parseInt(match.group(2)))));
        return ESCAPE.matcher(repeated).replaceAll(Seeds::octet);
    }

    private static String value(String name) {
        return switch (name) {
            case "canary" -> "GET /canary.txt HTTP/1.1\\r\\nHost: drover.test\\r\\n\\r\\n";
            case "etag" -> "\"xyzzy\"";
            case "weak-etag" -> "W/\"xyzzy\"";
            default -> "";
        };
    }

    private static String octet(MatchResult escape) {
        var kind = escape.group(1);
        return quoted(
                switch (kind.charAt(0)) {
                    case 'r' -> "\r";
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    case '0' -> "\0";
                    case 'x' -> Character.toString(Integer.parseInt(kind.substring(1), 16));
                    default -> kind;
                });
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }
}
