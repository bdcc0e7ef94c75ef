package drover.engine.http;

import java.util.Optional;

/** One element of a {@code Range} field: {@code first-last}, {@code first-}, or {@code -last} where last is a number of bytes. */
record RangeSpec(Optional<Long> first, Optional<Long> last) {

    static Optional<RangeSpec> parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0 || !isDigits(text, 0, dash) || !isDigits(text, dash + 1, text.length()) || text.length() == 1) {
            return Optional.empty();
        }
        var spec = new RangeSpec(number(text.substring(0, dash)), number(text.substring(dash + 1)));
        boolean backwards = spec.first.isPresent() && spec.last.isPresent() && spec.last.get() < spec.first.get();
        return backwards ? Optional.empty() : Optional.of(spec);
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** A number too large for a long is beyond any file, as is the largest long. */
    private static Optional<Long> number(String digits) {
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        var significant = digits.replaceFirst("^0+(?=.)", "");
        return Optional.of(significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant));
    }

    boolean isNonEmptySuffix() {
        return first.isEmpty() && last.orElse(0L) > 0;
    }

    Optional<ByteRange> within(long length) {
        long from = first.orElseGet(() -> Math.max(0, length - last.orElseThrow()));
        long end = first.isPresent() && last.isPresent() ? Math.min(length - 1, last.get()) + 1 : length;
        return from < end ? Optional.of(new ByteRange(from, end)) : Optional.empty();
    }
}
