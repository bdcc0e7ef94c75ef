package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Makes requests that are nearly right out of right ones; the same from the same random numbers. */
final class Mutator {

    private static final int LONGEST = 20 * 1024;
    private static final List<String> WORDS = List.of(
            "\0",
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            "\u007f",
            "\u00ff",
            ":",
            ",",
            "%00",
            "%2e%2e/",
            "../",
            "//",
            "\\",
            "#",
            "HTTP/1.0",
            "HTTP/1.1",
            "HTTP/9.9",
            "chunked",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Host: a.test\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive\r\n",
            "Range: bytes=0-0,2-3\r\n",
            "Expect: 100-continue\r\n",
            " folded\r\n");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "00",
            "2147483648",
            "4294967296",
            "9223372036854775808",
            "18446744073709551616",
            "9".repeat(300),
            "0x10",
            "1e9");

    private final List<String> seeds;
    private final RandomGenerator random;

    Mutator(List<byte[]> seeds, RandomGenerator random) {
        this.seeds = seeds.stream().map(seed -> new String(seed, ISO_8859_1)).toList();
        this.random = random;
    }

    /** One mutated request, or whatever became of it. */
    byte[] next() {
        var text = pick(seeds);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            text = changed(text);
        }
        return text.substring(0, Math.min(text.length(), LONGEST)).getBytes(ISO_8859_1);
    }

    private String changed(String text) {
        if (text.isEmpty()) {
            return pick(seeds);
        }
        int at = random.nextInt(text.length());
        int to = at + random.nextInt(Math.min(64, text.length() - at) + 1);
        return switch (random.nextInt(12)) {
            case 0 -> with(text, at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
            case 1 -> with(text, at, (char) random.nextInt(256));
            case 2 -> text.substring(0, at) + pick(WORDS) + text.substring(at);
            case 3 -> text.substring(0, at) + text.substring(to);
            case 4 -> text.substring(0, to) + text.substring(at);
            case 5 -> text.substring(0, at);
            case 6 -> spliced(text, at);
            case 7 -> text.replaceFirst("[0-9]+", pick(NUMBERS));
            case 8 ->
                text.substring(0, at) + text.substring(at, to).repeat(1 + random.nextInt(200)) + text.substring(to);
            case 9 ->
                withLines(
                        text,
                        lines -> lines.add(random.nextInt(lines.size()), lines.get(random.nextInt(lines.size()))));
            case 10 -> withLines(text, lines -> lines.remove(random.nextInt(lines.size())));
            default -> withLines(text, lines -> lines.add(lines.remove(random.nextInt(lines.size()))));
        };
    }

    private String spliced(String text, int at) {
        var other = pick(seeds);
        return other.isEmpty() ? text : text.substring(0, at) + other.substring(random.nextInt(other.length()));
    }

    private static String with(String text, int at, char c) {
        return text.substring(0, at) + c + text.substring(at + 1);
    }

    private static String withLines(String text, Consumer<List<String>> change) {
        var lines = new ArrayList<>(List.of(text.split("(?<=\r\n)", -1)));
        change.accept(lines);
        return lines.stream().collect(Collectors.joining());
    }

    private String pick(List<String> among) {
        return among.get(random.nextInt(among.size()));
    }
}
