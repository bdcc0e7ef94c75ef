package drover.engine.peer;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The request field in which proxies say whom they speak for. Only one is believed, the one that the operator's proxies
 * set: of the other they may pass on what a client made up.
 */
public enum Forwarding {
    /** Addresses, each proxy's addition last. */
    X_FORWARDED_FOR,
    /** RFC 7239: {@code for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"}. */
    FORWARDED;

    /**
     * The client, by the value of the field: from right to left, as long as who wrote an element is trusted. What is no
     * address ends the walk, and the last one found is it.
     *
     * @param peer who sent the request
     */
    public InetAddress client(String value, List<AddressBlock> trusted, InetAddress peer) {
        var client = peer;
        var nodes = nodes(value);
        for (int i = nodes.size() - 1; i >= 0 && AddressBlock.anyContains(trusted, client); i--) {
            var named = AddressText.withPort(nodes.get(i));
            if (named.isEmpty()) {
                return client;
            }
            client = named.get();
        }
        return client;
    }

    /** Whom each element names, in the order of the field; none at all if it is malformed. */
    private List<String> nodes(String value) {
        return switch (this) {
            case X_FORWARDED_FOR -> split(value, ',');
            case FORWARDED ->
                split(value, ',').stream().map(Forwarding::forNode).toList();
        };
    }

    /** The value of {@code for} in an element; empty, which is no address, if there is none or more than one. */
    private static String forNode(String element) {
        var found = Optional.<String>empty();
        for (var pair : split(element, ';')) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).equalsIgnoreCase("for")) {
                if (found.isPresent()) {
                    return "";
                }
                found = Optional.of(unquoted(pair.substring(equals + 1)));
            }
        }
        return found.orElse("");
    }

    /** No address needs a backslash, so that one with it is none. */
    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** The elements of a list that are not empty, RFC 9110 §5.6.1; separators within quotes are none, §5.6.4. */
    private static List<String> split(String value, char separator) {
        var elements = new ArrayList<String>();
        boolean quoted = false;
        int from = 0;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (quoted && c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                add(value.substring(from, at), elements);
                from = at + 1;
            }
        }
        add(value.substring(from), elements);
        return quoted ? List.of() : elements;
    }

    private static void add(String element, List<String> elements) {
        if (!element.isBlank()) {
            elements.add(element.strip());
        }
    }
}
