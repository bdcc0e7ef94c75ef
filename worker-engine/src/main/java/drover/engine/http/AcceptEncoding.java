package drover.engine.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;

/**
 * The codings a client takes, the best first, RFC 9110 §12.5.3: by its weights, and where these are equal by our preference.
 * Identity is always among them: behind all others unless the client gave it a weight, and last even if it was refused, for
 * a client can do more with content it did not want than with a 406. There are few orders, so each is one object and
 * reading a field makes none.
 */
public final class AcceptEncoding {

    private static final int FULL_WEIGHT = 1000;
    private static final int MALFORMED = -1;

    /** Each weight takes so many bits of a long. */
    private static final int WEIGHT_BITS = 16;

    /** What a place in an order may be: a coding, or none. */
    private static final int CHOICES = ContentCoding.COUNT + 1;

    private static final AcceptEncoding[] ORDERS = new AcceptEncoding[CHOICES * CHOICES * CHOICES * CHOICES];

    static {
        addOrders(0, List.of());
    }

    /** What a client takes that does not say. RFC 9110 allows any coding then; none is what such clients can read. */
    public static final AcceptEncoding IDENTITY_ONLY = ORDERS[place(0, ContentCoding.IDENTITY.index())];

    private final List<ContentCoding> order;
    private final boolean ofPart;
    /** The same for a client that asks for a part; of a part's, itself. */
    private final AcceptEncoding part;

    private AcceptEncoding(List<ContentCoding> order, boolean ofPart) {
        this.order = order;
        this.ofPart = ofPart;
        this.part = ofPart ? this : new AcceptEncoding(order, /* ofPart= */ true);
    }

    private static void addOrders(int at, List<ContentCoding> order) {
        if (order.contains(ContentCoding.IDENTITY)) {
            ORDERS[at] = new AcceptEncoding(order, /* ofPart= */ false);
        }
        for (var coding : ContentCoding.values()) {
            if (!order.contains(coding)) {
                var longer = new ArrayList<>(order);
                longer.add(coding);
                addOrders(place(at, coding.index()), List.copyOf(longer));
            }
        }
    }

    private static int place(int before, int coding) {
        return CHOICES * before + coding + 1;
    }

    /** Reads a request's field; one that is malformed anywhere says nothing. */
    public static AcceptEncoding of(Request request) {
        var accepted = read(request);
        return request.method() == Method.GET && request.has(Field.RANGE) ? accepted.part : accepted;
    }

    private static AcceptEncoding read(Request request) {
        if (!request.has(Field.ACCEPT_ENCODING)) {
            return IDENTITY_ONLY;
        }
        if (request.isRepeated(Field.ACCEPT_ENCODING)) {
            var joined = request.value(Field.ACCEPT_ENCODING).getBytes(ISO_8859_1);
            return parse(joined, 0, joined.length);
        }
        return parse(
                request.bytes(), request.valueStart(Field.ACCEPT_ENCODING), request.valueEnd(Field.ACCEPT_ENCODING));
    }

    static AcceptEncoding parse(byte[] bytes, int start, int end) {
        long weights = 0;
        int named = 0;
        int othersWeight = 0;
        int next;
        for (int at = start; at < end; at = next + 1) {
            next = Octets.indexOf((byte) ',', bytes, at, end);
            int name = Octets.endOfBlanks(bytes, at, next);
            if (name == next) {
                continue; // RFC 9110 §5.6.1.2: a list may have empty elements
            }
            int nameEnd = Octets.endOfToken(bytes, name, next);
            int weight = weight(bytes, nameEnd, next);
            if (nameEnd == name || weight == MALFORMED) {
                return IDENTITY_ONLY;
            }
            int coding = ContentCoding.indexOf(bytes, name, nameEnd);
            if (coding < ContentCoding.COUNT) {
                weights = withWeight(weights, coding, weight);
                named |= 1 << coding;
            } else if (nameEnd == name + 1 && bytes[name] == '*') {
                othersWeight = weight;
            }
        }
        for (int coding = 0; coding < ContentCoding.IDENTITY.index(); coding++) {
            if ((named & 1 << coding) == 0) {
                weights = withWeight(weights, coding, othersWeight);
            }
        }
        return ordered(weights);
    }

    private static AcceptEncoding ordered(long weights) {
        int order = 0;
        long left = weights;
        int best = heaviest(left);
        while (best < ContentCoding.COUNT) {
            order = place(order, best);
            left = withWeight(left, best, 0);
            best = heaviest(left);
        }
        boolean hasIdentity = weight(weights, ContentCoding.IDENTITY.index()) > 0;
        return ORDERS[hasIdentity ? order : place(order, ContentCoding.IDENTITY.index())];
    }

    /** The first of those with the largest weight, or COUNT if none has any. */
    private static int heaviest(long weights) {
        int best = ContentCoding.COUNT;
        int bestWeight = 0;
        for (int coding = 0; coding < ContentCoding.COUNT; coding++) {
            if (weight(weights, coding) > bestWeight) {
                best = coding;
                bestWeight = weight(weights, coding);
            }
        }
        return best;
    }

    private static long withWeight(long weights, int coding, int weight) {
        int shift = coding * WEIGHT_BITS;
        return (weights & ~(0xffffL << shift)) | ((long) weight << shift);
    }

    private static int weight(long weights, int coding) {
        return (int) (weights >>> (coding * WEIGHT_BITS)) & 0xffff;
    }

    /** What stands behind a name, in thousandths: {@code ;q=0.5}, or nothing, which is the full weight. */
    private static int weight(byte[] bytes, int start, int end) {
        int at = Octets.endOfBlanks(bytes, start, end);
        if (at == end) {
            return FULL_WEIGHT;
        }
        if (bytes[at] != ';') {
            return MALFORMED;
        }
        at = Octets.endOfBlanks(bytes, at + 1, end);
        if (at + 2 >= end || Octets.lower(bytes[at]) != 'q' || bytes[at + 1] != '=') {
            return MALFORMED;
        }
        return thousandths(bytes, at + 2, end);
    }

    /** {@code 0}, {@code 1} or either with up to three digits, and blanks behind it; no more than 1. */
    private static int thousandths(byte[] bytes, int start, int end) {
        int weight = 0;
        int unit = FULL_WEIGHT;
        int at = start;
        for (; at < end && !Octets.isBlank(bytes[at]); at++) {
            if (at == start + 1) {
                if (bytes[at] != '.') {
                    return MALFORMED;
                }
                continue;
            }
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || unit == 0) {
                return MALFORMED;
            }
            weight += digit * unit;
            unit /= 10;
        }
        return weight > FULL_WEIGHT || Octets.endOfBlanks(bytes, at, end) != end ? MALFORMED : weight;
    }

    /** The codings, the best first. */
    public List<ContentCoding> order() {
        return order;
    }

    /** Whether the client asks for a range of bytes. */
    public boolean ofPart() {
        return ofPart;
    }

    @Override
    public String toString() {
        return order.toString();
    }
}
