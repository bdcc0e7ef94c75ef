package drover.engine.http;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The request fields that Drover looks at; all others are checked for their form and passed over. */
public enum Field {
    HOST("host"),
    CONNECTION("connection"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    USER_AGENT("user-agent"),
    REFERER("referer"),
    IF_MATCH("if-match"),
    IF_NONE_MATCH("if-none-match"),
    IF_MODIFIED_SINCE("if-modified-since"),
    IF_UNMODIFIED_SINCE("if-unmodified-since"),
    IF_RANGE("if-range"),
    RANGE("range"),
    ACCEPT_ENCODING("accept-encoding"),
    ORIGIN("origin"),
    ACCESS_CONTROL_REQUEST_METHOD("access-control-request-method"),
    X_FORWARDED_FOR("x-forwarded-for"),
    FORWARDED("forwarded"),
    ACCEPT("accept"),
    AUTHORIZATION("authorization");

    private static final Field[] ALL = values();

    /** How many there are. */
    static final int COUNT = ALL.length;

    /** Those whose names have so many bytes. */
    private static final Field[][] BY_LENGTH = byLength();

    private final String lowerCaseName;

    Field(String lowerCaseName) {
        this.lowerCaseName = lowerCaseName;
    }

    @SuppressWarnings("EnumOrdinal") // an index into one request's own table
    int index() {
        return ordinal();
    }

    private static Field[][] byLength() {
        int longest = Stream.of(ALL).mapToInt(Field::length).max().orElseThrow();
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length ->
                        Stream.of(ALL).filter(field -> field.length() == length).toArray(Field[]::new))
                .toArray(Field[][]::new);
    }

    private int length() {
        return lowerCaseName.length();
    }

    /** The field with this name, or {@link #COUNT} for one that is not looked at. */
    static int indexOf(byte[] bytes, int start, int end) {
        if (end - start >= BY_LENGTH.length) {
            return COUNT;
        }
        for (var field : BY_LENGTH[end - start]) {
            if (Octets.equalIgnoringCase(bytes, start, end, field.lowerCaseName)) {
                return field.index();
            }
        }
        return COUNT;
    }
}
