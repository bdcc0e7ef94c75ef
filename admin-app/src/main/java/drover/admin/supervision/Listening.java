package drover.admin.supervision;

import java.net.InetAddress;
import java.util.List;

/** Compares addresses where the site is wanted with those where the master listens. */
final class Listening {

    private Listening() {}

    /** Those that are wanted and not there yet. */
    static List<String> missing(List<String> wanted, List<String> actual) {
        return wanted.stream()
                .filter(address -> actual.stream().noneMatch(there -> serves(there, address)))
                .toList();
    }

    /** Those that are there and not wanted. */
    static List<String> surplus(List<String> wanted, List<String> actual) {
        return actual.stream()
                .filter(there -> wanted.stream().noneMatch(address -> serves(there, address)))
                .toList();
    }

    /** Whether both have the same, a port of 0 being any. */
    static boolean match(List<String> wanted, List<String> actual) {
        return missing(wanted, actual).isEmpty() && surplus(wanted, actual).isEmpty();
    }

    private static boolean serves(String actual, String wanted) {
        return host(actual).equals(host(wanted))
                && (port(wanted).equals("0") || port(actual).equals(port(wanted)));
    }

    private static InetAddress host(String address) {
        return InetAddress.ofLiteral(
                address.substring(0, address.lastIndexOf(':')).replaceAll("[\\[\\]]", ""));
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1).replaceFirst("^0+(?=\\d)", "");
    }
}
