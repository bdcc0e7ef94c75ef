package drover.engine.http;

/** Well-formed UTF-8, RFC 3629 §4: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    static boolean isValid(byte[] bytes, int length) {
        int at = 0;
        while (at < length) {
            int lead = bytes[at++] & 0xff;
            if (lead < 0x80) {
                continue;
            }
            int tail = tailLength(lead);
            if (tail == 0 || at + tail > length) {
                return false;
            }
            int second = bytes[at] & 0xff;
            if ((lead == 0xe0 && second < 0xa0)
                    || (lead == 0xed && second > 0x9f)
                    || (lead == 0xf0 && second < 0x90)
                    || (lead == 0xf4 && second > 0x8f)) {
                return false;
            }
            for (int i = 0; i < tail; i++) {
                if ((bytes[at++] & 0xc0) != 0x80) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Bytes after the lead byte, or 0 for one that leads nothing. */
    private static int tailLength(int lead) {
        if (lead >= 0xc2 && lead <= 0xdf) {
            return 1;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            return 2;
        }
        return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    }
}
