package drover.verify.fuzz;

/** Bytes as a conformance case is written. */
public final class Printable {

    private Printable() {}

    /** On one line, with the escapes of C. */
    public static String of(byte[] bytes) {
        var text = new StringBuilder();
        for (byte octet : bytes) {
            switch (octet) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\\' -> text.append("\\\\");
                default ->
                    text.append(
                            octet >= ' ' && octet < 0x7f ? Character.toString(octet) : String.format("\\x%02x", octet));
            }
        }
        return text.toString();
    }
}
