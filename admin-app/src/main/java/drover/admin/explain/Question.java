package drover.admin.explain;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A request that somebody asks about.
 *
 * @param target path and query, in ASCII
 * @param client whom it is of
 * @param fields {@code Name: value}, beside Host
 */
record Question(String method, String host, String target, InetAddress client, List<String> fields) {

    private static final Pattern URL = Pattern.compile("(?:(?i:https?)://)?([^/?#]*)([^#]*)(?:#.*)?", Pattern.DOTALL);
    private static final Pattern METHOD = Pattern.compile("[A-Za-z]{1,20}");
    private static final Pattern HOST = Pattern.compile("[\\x21-\\x7e]{0,260}");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9-]{1,64}: ?[\\x20-\\x7e]{0,2000}");
    private static final int MOST_FIELDS = 10;
    private static final int LONGEST_URL = 8000;

    /** What a browser accepts. */
    private static final String ACCEPT_ENCODING = "Accept-Encoding: gzip, deflate, br, zstd";

    /** It cannot be asked so; the message says what to do. */
    static final class Invalid extends RuntimeException {

        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    /**
     * Reads one. What a URL must not have is encoded as browsers do.
     *
     * @param url with or without scheme
     * @throws Invalid if something of it cannot stand in a request
     */
    static Question of(String url, String method, String client, List<String> fields) {
        var parts = URL.matcher(url.strip());
        if (!parts.matches() || url.length() > LONGEST_URL) {
            throw new Invalid("url must be one such as http://example.org/path, of at most %d characters."
                    .formatted(LONGEST_URL));
        }
        if (!HOST.matcher(parts.group(1)).matches()) {
            throw new Invalid("The host in url must be ASCII, such as www.example.org:8080.");
        }
        if (!METHOD.matcher(method).matches()) {
            throw new Invalid("method must be one such as GET or HEAD.");
        }
        if (fields.size() > MOST_FIELDS
                || !fields.stream().allMatch(field -> FIELD.matcher(field).matches())) {
            throw new Invalid("header must be NAME: VALUE in ASCII, %d of them at most.".formatted(MOST_FIELDS));
        }
        return new Question(
                method.toUpperCase(Locale.ROOT), parts.group(1), target(parts.group(2)), address(client), fields);
    }

    private static String target(String text) {
        var target = new StringBuilder(text.startsWith("/") ? "" : "/");
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f) {
                target.append((char) octet);
            } else {
                target.append(String.format("%%%02X", octet & 0xff));
            }
        }
        return target.toString();
    }

    private static InetAddress address(String client) {
        try {
            return InetAddress.ofLiteral(client);
        } catch (IllegalArgumentException name) {
            throw new Invalid("client must be an address such as 192.0.2.7, not \"" + client + "\".");
        }
    }

    /** As a worker is asked. */
    byte[] bytes() {
        var head = new StringBuilder(
                "client %s\n%s %s HTTP/1.1\r\nHost: %s\r\n".formatted(client.getHostAddress(), method, target, host));
        if (fields.stream().noneMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("accept-encoding:"))) {
            head.append(ACCEPT_ENCODING).append("\r\n");
        }
        fields.forEach(field -> head.append(field).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    String url() {
        return "http://" + host + target;
    }
}
