package drover.verify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import drover.engine.http.ByteRange;
import drover.engine.http.ByteRanges;
import drover.engine.http.ByteRanges.Ignored;
import drover.engine.http.ByteRanges.Satisfiable;
import drover.engine.http.ByteRanges.Unsatisfiable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@link ByteRanges} of any field value: what is sent is what was asked for, byte for byte, in ranges that neither overlap nor
 * adjoin. The first byte of the input chooses how long the file is.
 */
public final class RangeTarget {

    private static final long[] LENGTHS = {0, 1, 2, 10, 100, 1000, 1L << 31, (1L << 40) + 7, Long.MAX_VALUE};
    private static final int COUNTABLE = 1000;
    private static final Pattern FIELD = Pattern.compile("(?i)bytes=(.*)", Pattern.DOTALL);
    private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");

    private RangeTarget() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        if (input.length > 0) {
            long length = LENGTHS[(input[0] & 0xff) % LENGTHS.length];
            check(fieldValue(input), length);
        }
    }

    /** Only bytes that the parser lets into a value. */
    private static String fieldValue(byte[] input) {
        var value = new StringBuilder();
        for (char c : new String(input, 1, input.length - 1, ISO_8859_1).toCharArray()) {
            value.append(c == '\t' || (c >= ' ' && c != 0x7f) ? c : ' ');
        }
        return value.toString();
    }

    private static void check(String value, long length) {
        var wanted = wanted(value);
        var ranges = TimeLimit.hold(() -> ByteRanges.parse(value, length));
        if (wanted.isEmpty()) {
            Broken.unless(ranges instanceof Ignored, "malformed, and not passed over: " + ranges);
            return;
        }
        switch (ranges) {
            case Ignored _ ->
                Broken.unless(
                        length == 0 || wanted.get().size() > ByteRanges.MAX_RANGES, "well formed, and passed over");
            case Unsatisfiable _ ->
                Broken.unless(wanted.get().stream().noneMatch(spec -> spec.has(length)), "there is something of it");
            case Satisfiable(List<ByteRange> parts) -> {
                checkApart(parts, length);
                if (length <= COUNTABLE) {
                    Broken.unless(bytes(parts).equals(bytes(wanted.get(), (int) length)), "not what was asked for");
                }
            }
        }
    }

    private static void checkApart(List<ByteRange> parts, long length) {
        Broken.unless(!parts.isEmpty() && parts.size() <= ByteRanges.MAX_RANGES, parts.size() + " parts");
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            Broken.unless(0 <= part.first() && part.first() < part.end() && part.end() <= length, "no part: " + part);
            for (var other : parts.subList(0, i)) {
                Broken.unless(part.end() < other.first() || other.end() < part.first(), part + " touches " + other);
            }
        }
    }

    private static BitSet bytes(List<ByteRange> parts) {
        var bytes = new BitSet();
        parts.forEach(part -> bytes.set((int) part.first(), (int) part.end()));
        return bytes;
    }

    private static BitSet bytes(List<Spec> specs, int length) {
        var bytes = new BitSet();
        for (int i = 0; i < length; i++) {
            var at = BigInteger.valueOf(i);
            bytes.set(i, specs.stream().anyMatch(spec -> spec.wants(at, length)));
        }
        return bytes;
    }

    /** What a value asks for, RFC 9110 §14.1.1 and §14.2, once more; empty if it is malformed. */
    private static Optional<List<Spec>> wanted(String value) {
        var field = FIELD.matcher(value);
        if (!field.matches()) {
            return Optional.empty();
        }
        var specs = new ArrayList<Spec>();
        for (var element : field.group(1).split(",", -1)) {
            var text = element.strip();
            var spec = SPEC.matcher(text);
            if (!text.isEmpty()) {
                if (!spec.matches() || text.equals("-")) {
                    return Optional.empty();
                }
                specs.add(new Spec(number(spec.group(1)), number(spec.group(2))));
            }
        }
        return specs.isEmpty() || specs.stream().anyMatch(Spec::isBackwards) ? Optional.empty() : Optional.of(specs);
    }

    private static Optional<BigInteger> number(String digits) {
        return digits.isEmpty() ? Optional.empty() : Optional.of(new BigInteger(digits));
    }

    private record Spec(Optional<BigInteger> first, Optional<BigInteger> last) {

        boolean isBackwards() {
            return first.isPresent() && last.isPresent() && last.get().compareTo(first.get()) < 0;
        }

        boolean has(long length) {
            return first.map(from -> from.compareTo(BigInteger.valueOf(length)) < 0)
                    .orElseGet(() -> length > 0 && last.orElseThrow().signum() > 0);
        }

        boolean wants(BigInteger at, int length) {
            if (first.isEmpty()) {
                return at.compareTo(BigInteger.valueOf(length).subtract(last.orElseThrow())) >= 0;
            }
            return at.compareTo(first.get()) >= 0
                    && last.map(to -> at.compareTo(to) <= 0).orElse(true);
        }
    }
}
