package drover.engine.http;

/** Bytes from {@code first} up to {@code end}, which is not among them. */
public record ByteRange(long first, long end) {

    public long length() {
        return end - first;
    }

    /** Whether nothing lies between the two. */
    boolean touches(ByteRange other) {
        return first <= other.end && other.first <= end;
    }

    ByteRange union(ByteRange other) {
        return new ByteRange(Math.min(first, other.first), Math.max(end, other.end));
    }
}
