package drover.engine.vhost;

import drover.engine.peer.AddressBlock;
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
        return AddressBlock.anyContains(deny, client) || (!allow.isEmpty() && !AddressBlock.anyContains(allow, client));
    }
}
