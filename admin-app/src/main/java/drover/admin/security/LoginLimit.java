package drover.admin.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down whoever guesses passwords. Ten failures of one user from one address, or fifteen from one address whoever is
 * meant, and further logins from there are refused unseen for a minute; each failure after that doubles the time, up to a quarter
 * of an hour. A user is never locked everywhere: then anybody could lock anybody out. An attempt counts as failed from its
 * beginning, so that many at once are no way around. The tables are bounded and forget the oldest first. Any thread.
 */
final class LoginLimit {

    static final int MOST_OF_A_USER = 10;
    static final int MOST_OF_AN_ADDRESS = 15;

    private static final int MOST_KEYS = 10_000;
    private static final int MOST_DOUBLINGS = 4;
    private static final Duration FIRST_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
    private static final Duration REMEMBERED = Duration.ofMinutes(15);
    private static final int NETWORK_BYTES = 8;

    private final InstantSource clock;
    private final Map<Pair, Failures> byPair = new LinkedHashMap<>();
    private final Map<String, Failures> byNetwork = new LinkedHashMap<>();

    LoginLimit(InstantSource clock) {
        this.clock = clock;
    }

    private record Pair(String user, String network) {}

    private record Failures(int count, Instant openAgain) {

        static final Failures NONE = new Failures(0, Instant.EPOCH);

        Failures oneMore(int most, Instant now) {
            int beyond = count + 1 - most;
            return new Failures(count + 1, beyond < 0 ? now : now.plus(delay(beyond)));
        }

        Failures oneLess(int most, Instant now) {
            return new Failures(count - 1, count - 1 < most ? now : openAgain);
        }

        private static Duration delay(int beyond) {
            var delay = FIRST_DELAY.multipliedBy(1L << Math.min(beyond, MOST_DOUBLINGS));
            return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
        }
    }

    /** Begins an attempt, unless it is refused: then so long. */
    synchronized Optional<Duration> begin(String user, String address) {
        var now = clock.instant();
        var network = network(address);
        var pair = new Pair(user, network);
        var ofPair = current(byPair, pair, now);
        var ofNetwork = current(byNetwork, network, now);
        var openAgain = ofPair.openAgain.isAfter(ofNetwork.openAgain) ? ofPair.openAgain : ofNetwork.openAgain;
        if (openAgain.isAfter(now)) {
            return Optional.of(Duration.between(now, openAgain));
        }
        put(byPair, pair, ofPair.oneMore(MOST_OF_A_USER, now));
        put(byNetwork, network, ofNetwork.oneMore(MOST_OF_AN_ADDRESS, now));
        return Optional.empty();
    }

    /** The attempt was right after all. Failures at other users of the same address still count. */
    synchronized void succeeded(String user, String address) {
        var now = clock.instant();
        var network = network(address);
        byPair.remove(new Pair(user, network));
        byNetwork.computeIfPresent(
                network, (_, failures) -> failures.count <= 1 ? null : failures.oneLess(MOST_OF_AN_ADDRESS, now));
    }

    /** Failures of a user from an address that are remembered. */
    synchronized int failures(String user, String address) {
        return current(byPair, new Pair(user, network(address)), clock.instant()).count;
    }

    private static <K> Failures current(Map<K, Failures> table, K key, Instant now) {
        return Optional.ofNullable(table.get(key))
                .filter(failures -> failures.openAgain.plus(REMEMBERED).isAfter(now))
                .orElse(Failures.NONE);
    }

    private static <K> void put(Map<K, Failures> table, K key, Failures failures) {
        table.remove(key);
        table.put(key, failures);
        if (table.size() > MOST_KEYS) {
            table.remove(table.keySet().iterator().next());
        }
    }

    /** An IPv6 host has 2^64 addresses to itself: they count as one. */
    private static String network(String address) {
        try {
            return InetAddress.ofLiteral(address) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), NETWORK_BYTES))
                    : address;
        } catch (IllegalArgumentException noAddress) {
            return address; // of a UNIX socket
        }
    }
}
