package drover.engine.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * One request head, as places in the bytes it was parsed from: nothing is copied. Its connection owns it and uses it
 * again for the next request; it is valid until then, and only while the bytes stay where they are.
 */
public final class Request {

    private static final int ABSENT = -1;

    private byte[] bytes = new byte[0];
    private int start;
    private Method method = Method.UNKNOWN;
    private boolean http11;
    private boolean keepAlive;
    private boolean bodyAnnounced;
    private int lineStart;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int lineEnd;
    private int hostStart;
    private int hostEnd;
    private int pathStart;
    private int pathEnd;
    private int queryEnd;
    private final int[] fieldStart = new int[Field.COUNT];
    private final int[] fieldEnd = new int[Field.COUNT];
    /** A bit for each field that was sent more than once; its place is that of the last. */
    private int repeated;

    /** Forgets the last request. All places are kept relative to the start of the head, so that the bytes may move. */
    void clear() {
        method = Method.UNKNOWN;
        http11 = false;
        keepAlive = false;
        bodyAnnounced = false;
        lineStart = 0;
        methodEnd = 0;
        targetStart = 0;
        targetEnd = 0;
        lineEnd = 0;
        hostStart = 0;
        hostEnd = 0;
        pathStart = 0;
        pathEnd = 0;
        queryEnd = 0;
        Arrays.fill(fieldStart, ABSENT);
        repeated = 0;
    }

    /** Says where the bytes lie now. */
    public void bind(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
    }

    void method(Method method) {
        this.method = method;
    }

    void requestLine(int lineStart, int methodEnd, int targetStart, int targetEnd) {
        this.lineStart = lineStart;
        this.methodEnd = methodEnd;
        this.targetStart = targetStart;
        this.targetEnd = targetEnd;
    }

    void version(boolean http11, int lineEnd) {
        this.http11 = http11;
        this.lineEnd = lineEnd;
    }

    void field(int index, int valueStart, int valueEnd) {
        if (has(index)) {
            repeated |= 1 << index;
        }
        fieldStart[index] = valueStart;
        fieldEnd[index] = valueEnd;
    }

    /** Places in {@link #bytes}, as are those of {@link #host}. */
    void resource(int pathStart, int pathEnd, int queryEnd) {
        this.pathStart = pathStart - start;
        this.pathEnd = pathEnd - start;
        this.queryEnd = queryEnd - start;
    }

    void host(int hostStart, int hostEnd) {
        this.hostStart = hostStart - start;
        this.hostEnd = hostEnd - start;
    }

    void persistence(boolean keepAlive) {
        this.keepAlive = keepAlive;
    }

    void body(boolean announced) {
        this.bodyAnnounced = announced;
    }

    public Method method() {
        return method;
    }

    public boolean http11() {
        return http11;
    }

    /** Whether the client wants to keep the connection, RFC 9112 §9.3. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Whether a body of at least one byte follows the head. */
    public boolean bodyAnnounced() {
        return bodyAnnounced;
    }

    public boolean has(Field field) {
        return has(field.index());
    }

    boolean has(int field) {
        return fieldStart[field] != ABSENT;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int hostStart() {
        return start + hostStart;
    }

    public int hostEnd() {
        return start + hostEnd;
    }

    public int pathStart() {
        return start + pathStart;
    }

    public int pathEnd() {
        return start + pathEnd;
    }

    /** The end of the query; the query begins with a question mark at {@link #pathEnd}, if there is one. */
    public int queryEnd() {
        return start + queryEnd;
    }

    /** Where the request line begins. */
    public int lineStart() {
        return start + lineStart;
    }

    /** Where it ends; if the head was refused before its end was seen, the same as {@link #lineStart}. */
    public int lineEnd() {
        return start + Math.max(lineStart, lineEnd);
    }

    /** Where the method ends, which begins the line. */
    public int methodEnd() {
        return start + Math.max(lineStart, methodEnd);
    }

    public int targetStart() {
        return start + targetStart;
    }

    public int targetEnd() {
        return start + targetEnd;
    }

    /** Where the protocol version begins, which ends the line. */
    public int versionStart() {
        return Math.min(targetEnd() + 1, lineEnd());
    }

    /** Where a field's value begins; only if {@link #has} it. */
    public int valueStart(Field field) {
        return start + fieldStart[field.index()];
    }

    public int valueEnd(Field field) {
        return start + fieldEnd[field.index()];
    }

    /** A field's value as text, its lines joined by commas if it was sent more than once, RFC 9110 §5.3; only if {@link #has} it. */
    public String value(Field field) {
        return isRepeated(field) ? joinedValue(field.index()) : text(valueStart(field), valueEnd(field));
    }

    boolean isRepeated(Field field) {
        return (repeated & 1 << field.index()) != 0;
    }

    /** Walks the lines of a head that was found to be well formed. */
    private String joinedValue(int field) {
        var joined = new StringJoiner(", ");
        int at = lineEnd() + 2;
        while (bytes[at] != '\r') {
            int colon = at;
            while (bytes[colon] != ':') {
                colon++;
            }
            int end = colon;
            while (bytes[end] != '\r') {
                end++;
            }
            if (Field.indexOf(bytes, at, colon) == field) {
                joined.add(text(colon + 1, end).strip());
            }
            at = end + 2;
        }
        return joined.toString();
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return text(lineStart(), lineEnd());
    }
}
