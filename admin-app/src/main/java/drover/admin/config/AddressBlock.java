package drover.admin.config;

import java.net.InetAddress;

/** An address, or those that begin with the same bits: {@code 192.0.2.0/24}, {@code 2001:db8::/32}. */
public record AddressBlock(String text) implements Scalar {

    public AddressBlock {
        Scalar.require(isBlock(text), "it must be an address or a block such as 192.0.2.0/24 or 2001:db8::/32");
    }

    private static boolean isBlock(String text) {
        var parts = text.split("/", 2);
        try {
            int most = InetAddress.ofLiteral(parts[0]).getAddress().length * Byte.SIZE;
            return !text.contains("%")
                    && (parts.length == 1 || (parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= most));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }
}
