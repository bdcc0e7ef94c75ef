package drover.engine.http;

/** How content is compressed on its way, RFC 9110 §8.4.1, RFC 8878; in the order in which we prefer them. */
public enum ContentCoding {
    BR("br", ".br"),
    ZSTD("zstd", ".zst"),
    GZIP("gzip", ".gz"),
    IDENTITY("identity", "");

    private static final ContentCoding[] ALL = values();

    /** How many there are. */
    static final int COUNT = ALL.length;

    private final String token;
    private final String suffix;

    ContentCoding(String token, String suffix) {
        this.token = token;
        this.suffix = suffix;
    }

    /** Its name in {@code Accept-Encoding} and {@code Content-Encoding}. */
    public String token() {
        return token;
    }

    /** What the name of a file that is so compressed ends in. */
    public String suffix() {
        return suffix;
    }

    @SuppressWarnings("EnumOrdinal") // a place in small tables of ours
    public int index() {
        return ordinal();
    }

    static ContentCoding at(int index) {
        return ALL[index];
    }

    /** The index of the coding with this name, or {@link #COUNT} for one that we do not know. */
    static int indexOf(byte[] bytes, int start, int end) {
        for (int i = 0; i < COUNT; i++) {
            if (Octets.equalIgnoringCase(bytes, start, end, ALL[i].token)) {
                return i;
            }
        }
        return Octets.equalIgnoringCase(bytes, start, end, "x-gzip") ? GZIP.index() : COUNT; // RFC 9110 §8.4.1.3
    }
}
