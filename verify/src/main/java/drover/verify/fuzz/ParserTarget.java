package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.http.Field;
import drover.engine.http.Parsing;
import drover.engine.http.Request;
import drover.engine.http.RequestParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * {@link RequestParser} on a stream of any bytes: it gets the same out of it whatever pieces it comes in and wherever these
 * lie, looks at no byte beyond them, and takes nothing that is not a head by RFC 9112 §3 and §5, written here once more as
 * patterns.
 */
public final class ParserTarget {

    private static final Set<Integer> REFUSALS = Set.of(400, 414, 431, 501, 505);

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final Pattern HEAD =
            Pattern.compile("(?:[\\r\\n]{0,4}+)" + TOKEN + "++ [\\x21-\\x7e]++ HTTP/1\\.[0-9]\\r\\n" + "(?:" + TOKEN
                    + "++:[\\t\\x20-\\x7e\\x80-\\xff]*+\\r\\n)*+\\r\\n");
    private static final Pattern LENGTH = field("content-length");
    private static final Pattern CODING = field("transfer-encoding");
    private static final Pattern HOST = field("host");

    private ParserTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        TimeLimit.hold(() -> heads(input));
        var whole = parse(input, new int[] {input.length}, 0);
        var random = Choices.of(input);

        Broken.unless(
                whole.equals(parse(input, everyByte(input.length), 0)), "split at every byte it parses differently");
        Broken.unless(
                whole.equals(parse(input, somewhere(input.length, random), 1 + random.nextInt(64))),
                "split and moved it parses differently");
    }

    /** How many heads there are, found as a connection finds them that gets all bytes at once. */
    private static int heads(byte[] input) {
        var parser = new RequestParser();
        int heads = 0;
        int from = 0;
        while (from < input.length && parser.feed(input, from, input.length) instanceof Parsing.Complete(int next)) {
            parser.reset();
            from = next;
            heads++;
        }
        return heads;
    }

    private static int[] everyByte(int length) {
        var ends = new int[length];
        Arrays.setAll(ends, i -> i + 1);
        return ends;
    }

    private static int[] somewhere(int length, RandomGenerator random) {
        var ends = new int[Math.min(length, 1 + random.nextInt(8))];
        Arrays.setAll(ends, i -> random.nextInt(length));
        if (ends.length > 0) {
            ends[0] = length;
        }
        Arrays.sort(ends);
        return ends;
    }

    /**
     * Parses as a connection does, and says what came out.
     *
     * @param ends where the pieces end
     * @param step how far the bytes are moved between two pieces; 0 leaves them where they are
     */
    private static List<String> parse(byte[] input, int[] ends, int step) {
        var parser = new RequestParser();
        var results = new ArrayList<String>();
        int from = 0;
        int offset = 0;
        for (int end : ends) {
            boolean more = true;
            while (more && from < end) {
                offset = step == 0 ? from : (offset + step) % 4096;
                var bytes = step == 0 ? input : moved(input, from, end, offset);
                switch (parser.feed(bytes, offset, offset + end - from)) {
                    case Parsing.NeedMore _ -> more = false;
                    case Parsing.Malformed refused -> {
                        Broken.unless(REFUSALS.contains(refused.status().code()), "refused with " + refused);
                        results.add(refused.status().code() + " " + refused.why());
                        return results;
                    }
                    case Parsing.Complete(int next) -> {
                        int length = next - offset;
                        Broken.unless(length > 0 && length <= end - from, "a head ends outside of its bytes");
                        check(new String(input, from, length, ISO_8859_1), parser.request());
                        results.add(description(parser.request()));
                        parser.reset();
                        from += length;
                    }
                }
            }
        }
        return results;
    }

    /** With what others left before and behind. */
    private static byte[] moved(byte[] input, int from, int end, int offset) {
        var bytes = new byte[offset + end - from + 8];
        Arrays.fill(bytes, (byte) '\r');
        System.arraycopy(input, from, bytes, offset, end - from);
        return bytes;
    }

    private static void check(String head, Request request) {
        Broken.unless(HEAD.matcher(head).matches(), "took what is no head");
        Broken.unless(head.length() <= RequestParser.MAX_HEAD, "took a head of " + head.length() + " bytes");
        long hosts = count(HOST, head);
        long lengths = count(LENGTH, head);
        long codings = count(CODING, head);
        Broken.unless(hosts == 1 || (hosts == 0 && !request.http11()), "took " + hosts + " Host fields");
        Broken.unless(lengths + codings <= 1, "took a doubtful length");
        Broken.unless(request.bodyAnnounced() || codings == 0, "a transfer coding announces no body");
        if (lengths == 1) {
            var value = request.value(Field.CONTENT_LENGTH);
            Broken.unless(value.matches("[0-9]+"), "took Content-Length: " + value);
            Broken.unless(request.bodyAnnounced() == value.matches(".*[1-9].*"), "misread Content-Length: " + value);
        }
    }

    private static Pattern field(String name) {
        return Pattern.compile("\\r\\n" + name + ":", Pattern.CASE_INSENSITIVE);
    }

    private static long count(Pattern pattern, String head) {
        return pattern.matcher(head).results().count();
    }

    private static String description(Request request) {
        var text = new StringBuilder(request.toString())
                .append(" method=")
                .append(request.method())
                .append(" 1.1=")
                .append(request.http11())
                .append(" keep=")
                .append(request.keepAlive())
                .append(" body=")
                .append(request.bodyAnnounced())
                .append(" host=")
                .append(text(request, request.hostStart(), request.hostEnd()))
                .append(" path=")
                .append(text(request, request.pathStart(), request.pathEnd()))
                .append(" query=")
                .append(text(request, request.pathEnd(), request.queryEnd()));
        for (var field : Field.values()) {
            if (request.has(field)) {
                text.append(' ').append(field).append('=').append(request.value(field));
            }
        }
        return text.toString();
    }

    private static String text(Request request, int from, int to) {
        return new String(request.bytes(), from, to - from, ISO_8859_1);
    }
}
