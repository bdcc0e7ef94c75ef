package drover.engine.config;

import drover.engine.peer.AddressBlock;
import drover.engine.peer.Forwarding;
import java.util.List;

/**
 * Whom a worker believes about who its clients are, and how many connections it gives each.
 *
 * @param proxyProtocol peers that must begin with a PROXY header; nobody else may
 * @param forwarded peers whose {@code forwarding} field is believed
 * @param connectionsPerAddress of all workers together, 0 for any number
 */
public record ClientsConfig(
        List<AddressBlock> proxyProtocol,
        List<AddressBlock> forwarded,
        Forwarding forwarding,
        int connectionsPerAddress) {

    /** Every peer is the client, and may have any number of connections. */
    public static final ClientsConfig DIRECT = new ClientsConfig(List.of(), List.of(), Forwarding.X_FORWARDED_FOR, 0);

    public ClientsConfig {
        proxyProtocol = List.copyOf(proxyProtocol);
        forwarded = List.copyOf(forwarded);
    }
}
