package drover.engine.conformance;

/** The escapes of C, for bytes that a text file cannot hold. */
final class Escapes {

    private Escapes() {}

    /** The bytes that are meant, each as the character of its number. */
    static String undo(String text) {
        var octets = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c > 0x7e) {
                throw new IllegalArgumentException("write \\xHH, not " + c);
            }
            if (c != '\\') {
                octets.append(c);
                continue;
            }
            char kind = text.charAt(at++);
            switch (kind) {
                case 'r' -> octets.append('\r');
                case 'n' -> octets.append('\n');
                case 't' -> octets.append('\t');
                case '0' -> octets.append('\0');
                case '\\' -> octets.append('\\');
                case 'x' -> {
                    octets.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                default -> throw new IllegalArgumentException("no escape \\" + kind);
            }
        }
        return octets.toString();
    }
}
