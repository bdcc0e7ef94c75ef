package drover.engine.vhost;

import java.net.InetAddress;
import java.util.List;

/**
 * Whom a site answers.
 *
 * @param allow nobody else, unless it is empty
 * @param deny nobody of these, even if allowed
 * @param maintenance nobody for now
 */
public record Access(List<AddressBlock> allow, List<AddressBlock> deny, boolean maintenance) {

    static final Access OPEN = new Access(List.of(), List.of(), false);

    public Access {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** Allocates nothing for a site that is open to all. */
    public boolean refuses(InetAddress client) {
        return (!deny.isEmpty() && has(deny, client)) || (!allow.isEmpty() && !has(allow, client));
    }

    private static boolean has(List<AddressBlock> blocks, InetAddress client) {
        return blocks.stream().anyMatch(block -> block.contains(client));
    }
}
