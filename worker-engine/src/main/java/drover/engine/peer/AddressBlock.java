package drover.engine.peer;

import java.net.InetAddress;
import java.util.List;

/** Addresses that begin with the same bits: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. */
public record AddressBlock(InetAddress first, int bits) {

    /** Reads what admin has checked; names are not looked up. */
    public static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        var first = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = first.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("no address block: " + text);
        }
        return new AddressBlock(first, bits);
    }

    /** Whether any of the blocks contains an address; allocates nothing if there are none. */
    public static boolean anyContains(List<AddressBlock> blocks, InetAddress address) {
        return !blocks.isEmpty() && blocks.stream().anyMatch(block -> block.contains(address));
    }

    /** IPv4 addresses are never part of IPv6 blocks: the JDK makes mapped ones plain. */
    public boolean contains(InetAddress address) {
        var mine = first.getAddress();
        var other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % Byte.SIZE);
            if (((mine[i / Byte.SIZE] ^ other[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
