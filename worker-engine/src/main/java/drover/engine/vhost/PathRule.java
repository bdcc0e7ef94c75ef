package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Another place for the paths of a pattern.
 *
 * @param to a path, or for redirects a whole URL; {@code $1} is what the first wildcard stood for
 */
public record PathRule(Glob from, String to, int status) {

    private static final Pattern CAPTURE = Pattern.compile("\\$([1-9])");
    private static final String UNENCODED = "-._~/!$&'()*+,;=:@";

    /** The path a request is answered with instead, if the pattern is its path's. */
    public Optional<byte[]> target(byte[] path, int length) {
        return from.match(path, length).map(captures -> filled(captures, false).getBytes(StandardCharsets.UTF_8));
    }

    /** Where a client is sent to: what comes from its path is encoded anew, and cannot name another host. */
    public Optional<String> location(byte[] path, int length) {
        return from.match(path, length).map(captures -> {
            var location = filled(captures, true);
            // Two slashes at the start would name a host, RFC 3986 §4.2; only the operator may.
            return to.startsWith("/") ? location.replaceFirst("^/+", "/") : location;
        });
    }

    private String filled(List<String> captures, boolean encodes) {
        return CAPTURE.matcher(to).replaceAll(capture -> {
            int number = Integer.parseInt(capture.group(1));
            var value = number <= captures.size() ? captures.get(number - 1) : "";
            return java.util.regex.Matcher.quoteReplacement(encodes ? encoded(value) : value);
        });
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0 && (Character.isLetterOrDigit(octet) || UNENCODED.indexOf(octet) >= 0)) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(String.format("%02X", octet));
            }
        }
        return encoded.toString();
    }
}
