package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is fuzzed: a class with the method that Jazzer calls, the inputs it begins with, and how long inputs become. */
@SuppressWarnings("ImmutableEnumChecker") // functions that are given here and hold nothing
enum Target {
    PARSER(
            "parser",
            "The request parser takes any bytes, in any pieces, for the same heads, and nothing that is no head",
            ParserTarget.class,
            ParserTarget::check,
            20 * 1024,
            stream -> Stream.of(stream)),
    PATH(
            "path",
            "No request target leads upwards or to bytes that no path has, and decoding is done once",
            PathTarget.class,
            PathTarget::check,
            9 * 1024,
            stream -> matches("(?m)^[A-Z]+ (\\S+) HTTP", stream)),
    RANGE(
            "range",
            "What a Range field is answered with is what it asks for, byte for byte",
            RangeTarget.class,
            RangeTarget::check,
            2 * 1024,
            stream -> matches("(?m)^Range: ([^\\r]*)", stream).map(value -> (char) (value.length() % 9) + value)),
    FIELDS(
            "fields",
            "Codings, conditions, tags and dates of any fields are read without harm, and the same when read again",
            FieldsTarget.class,
            FieldsTarget::check,
            8 * 1024,
            stream -> matches("(?s)^[^\\r]*\\r\\n(.*?)\\r\\n\\r\\n", stream)
                    .map(lines -> lines.replaceFirst("Host:.*\\r\\n", ""))),
    SITES(
            "sites",
            "Any host finds the site that nginx's order gives, any path matches what a pattern's rules say",
            SitesTarget.class,
            SitesTarget::check,
            9 * 1024,
            stream -> matches("(?m)^Host: ([^\\r]*)", stream));

    /** For {@link #SITES}, whose patterns no conformance case has. */
    private static final List<String> PATTERNS = List.of(
            "www.a.test:80\n/a/*/c\n/a/b/c",
            "x.b.a.test.\n/**/*.js\n/x/y/z.js",
            "a.b.example\n/a/**/b/*.txt\n/a/1/2/b/c.txt",
            "[::1]:8080\n/*.*.*\n/app.1234abcd.css",
            "A.TEST\n**\n/",
            "a.example.\n/**a*b\n/aaaa/aab");

    private final String label;
    private final String promise;
    private final Class<?> type;
    private final Consumer<byte[]> check;
    private final int maxLength;
    private final Function<String, Stream<String>> fromStream;

    Target(
            String label,
            String promise,
            Class<?> type,
            Consumer<byte[]> check,
            int maxLength,
            Function<String, Stream<String>> fromStream) {
        this.label = label;
        this.promise = promise;
        this.type = type;
        this.check = check;
        this.maxLength = maxLength;
        this.fromStream = fromStream;
    }

    private static Stream<String> matches(String pattern, String stream) {
        return Pattern.compile(pattern).matcher(stream).results().map(result -> result.group(1));
    }

    /** What it does with one input; throws what must not be thrown. */
    void check(byte[] input) {
        check.accept(input);
    }

    /** Different inputs to begin with: from the conformance cases, and those that once did harm. */
    List<byte[]> seeds() {
        var streams = Seeds.streams().stream().map(bytes -> new String(bytes, ISO_8859_1));
        var own = this == SITES ? PATTERNS.stream() : Stream.<String>empty();
        return Stream.of(streams.flatMap(fromStream), own, Seeds.once(label).stream())
                .flatMap(Function.identity())
                .distinct()
                .map(text -> text.getBytes(ISO_8859_1))
                .toList();
    }

    String label() {
        return label;
    }

    String promise() {
        return promise;
    }

    Class<?> type() {
        return type;
    }

    /** Bytes; a little more than what it bounds itself. */
    int maxLength() {
        return maxLength;
    }
}
