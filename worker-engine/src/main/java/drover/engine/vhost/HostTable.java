package drover.engine.vhost;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Immutable: sites by bytes of a host name without regard to case. Finding one allocates nothing. */
final class HostTable {

    private final byte[][] names;
    private final Site[] sites;
    private final Optional<Site>[] answers;

    /** A table of names in lower case. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of Optional cannot be made otherwise
    HostTable(Map<String, Site> byName) {
        // At most half full, so that a probe ends soon.
        int capacity = Integer.highestOneBit(Math.max(1, byName.size())) * 4;
        names = new byte[capacity][];
        sites = new Site[capacity];
        answers = new Optional[capacity];
        byName.forEach(this::put);
    }

    private void put(String name, Site site) {
        var bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        int at = hash(bytes, 0, bytes.length) & (names.length - 1);
        while (sites[at] != null) {
            at = (at + 1) & (names.length - 1);
        }
        names[at] = bytes;
        sites[at] = site;
        answers[at] = Optional.of(site);
    }

    Optional<Site> find(byte[] bytes, int from, int to) {
        int at = hash(bytes, from, to) & (names.length - 1);
        while (sites[at] != null) {
            if (isEqual(names[at], bytes, from, to)) {
                return answers[at];
            }
            at = (at + 1) & (names.length - 1);
        }
        return Optional.empty();
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + lower(bytes[i]);
        }
        return hash ^ (hash >>> 16);
    }

    private static boolean isEqual(byte[] name, byte[] bytes, int from, int to) {
        if (name.length != to - from) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (name[i] != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + ('a' - 'A')) : octet;
    }
}
