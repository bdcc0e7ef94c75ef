package drover.engine.peer;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as proxies write them. Names are never looked up. */
final class AddressText {

    /** Without leading zeros, which some read as octal. */
    private static final String BYTE = "(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";

    private static final Pattern V4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    /** Without a zone: it would be one of the proxy's machine. */
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    private AddressText() {}

    static Optional<InetAddress> v4(String text) {
        return V4.matcher(text).matches() ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
    }

    static Optional<InetAddress> v6(String text) {
        if (text.indexOf(':') < 0 || !V6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:80}, {@code 2001:db8::1}, {@code [2001:db8::1]}, {@code [2001:db8::1]:80}. */
    static Optional<InetAddress> withPort(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end > 0 && isPort(text.substring(end + 1)) ? v6(text.substring(1, end)) : Optional.empty();
        }
        int colon = text.indexOf(':');
        if (colon < 0 || colon != text.lastIndexOf(':')) {
            return colon < 0 ? v4(text) : v6(text);
        }
        return isPort(text.substring(colon)) ? v4(text.substring(0, colon)) : Optional.empty();
    }

    private static boolean isPort(String text) {
        return text.isEmpty()
                || (text.startsWith(":") && PORT.matcher(text.substring(1)).matches());
    }
}
