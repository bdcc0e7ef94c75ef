package drover.engine.http;

import java.util.Optional;

/** One element of a {@code Range} field: {@code first-last}, {@code first-}, or {@code -last} where last is a number of bytes. */
record RangeSpec(Optional<Long> first, Optional<Long> last) {

    private static final String LARGEST = Long.toString(Long.MAX_VALUE);

    static Optional<RangeSpec> parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0 || !isDigits(text, 0, dash) || !isDigits(text, dash + 1, text.length()) || text.length() == 1) {
            return Optional.empty();
        }
        var first = significant(text.substring(0, dash));
        var last = significant(text.substring(dash + 1));
        boolean backwards = !first.isEmpty() && !last.isEmpty() && isLess(last, first);
        return backwards ? Optional.empty() : Optional.of(new RangeSpec(number(first), number(last)));
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String significant(String digits) {
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }

    /** Numbers of any length. */
    private static boolean isLess(String number, String other) {
        return number.length() == other.length() ? number.compareTo(other) < 0 : number.length() < other.length();
    }

    /** A number too large for a long is beyond any file, as is the largest long. */
    private static Optional<Long> number(String digits) {
        if (digits.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(isLess(LARGEST, digits) ? Long.MAX_VALUE : Long.parseLong(digits));
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
