package drover.engine.http;

import java.util.ArrayList;
import java.util.List;

/** What a {@code Range} field asks of so many bytes, RFC 9110 §14. */
public sealed interface ByteRanges {

    /** More of them are not worth their heads, and nobody who means well asks for them. */
    int MAX_RANGES = 16;

    /** The field is to be passed over: it is malformed, in another unit, or unreasonable. */
    record Ignored() implements ByteRanges {}

    /** Nothing of what it asks for is there. */
    record Unsatisfiable() implements ByteRanges {}

    /** What is there of it, in the order asked for; ranges that overlap or adjoin have become one, where the first of them stood. */
    record Satisfiable(List<ByteRange> ranges) implements ByteRanges {}

    private static ByteRanges ignored() {
        return new Ignored();
    }

    static ByteRanges parse(String value, long length) {
        int equals = value.indexOf('=');
        if (equals < 0 || !value.substring(0, equals).equalsIgnoreCase("bytes")) {
            return ignored();
        }
        var ranges = new ArrayList<ByteRange>();
        int count = 0;
        for (var element : value.substring(equals + 1).split(",", -1)) {
            var text = element.strip();
            if (text.isEmpty()) {
                continue; // RFC 9110 §5.6.1.2: a list may have empty elements
            }
            var spec = RangeSpec.parse(text);
            if (spec.isEmpty() || ++count > MAX_RANGES) {
                return ignored();
            }
            if (length == 0 && spec.get().isNonEmptySuffix()) {
                return ignored(); // satisfied by nothing, and there is no Content-Range for that
            }
            spec.get().within(length).ifPresent(range -> add(ranges, range));
        }
        if (count == 0) {
            return ignored();
        }
        return ranges.isEmpty() ? new Unsatisfiable() : new Satisfiable(List.copyOf(ranges));
    }

    private static void add(List<ByteRange> ranges, ByteRange added) {
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).touches(added)) {
                ranges.set(i, ranges.get(i).union(added));
                closeUp(ranges, i);
                return;
            }
        }
        ranges.add(added);
    }

    /** A range that grew may touch those behind it; none before it, or the addition would have gone there. */
    private static void closeUp(List<ByteRange> ranges, int grown) {
        for (int i = grown + 1; i < ranges.size(); ) {
            if (ranges.get(grown).touches(ranges.get(i))) {
                ranges.set(grown, ranges.get(grown).union(ranges.remove(i)));
                i = grown + 1;
            } else {
                i++;
            }
        }
    }
}
