package drover.engine.loop;

import drover.engine.config.ClientsConfig;
import drover.engine.http.Field;
import drover.engine.http.Request;
import drover.engine.peer.AddressBlock;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Whom a connection's requests are of: the peer that TCP knows, whom a PROXY header names in its place, and whom a
 * request's forwarding field names in the place of either; each is believed of trusted peers only. Owned by its connection.
 */
final class Client {

    private final ClientsConfig config;
    private final Optional<AddressLimit> limit;
    private final String remoteText;
    private boolean awaitsHeader;
    private boolean isProxied;

    /** Whom the connection is of, and as the log writes it; whether it may speak for others. */
    private InetAddress source;

    private byte[] sourceText;
    private boolean forwards;

    /** Whom the request at the front is of, and as the log writes it. */
    private InetAddress address;

    private byte[] text;

    private int place = AddressLimit.UNCOUNTED;

    Client(ClientsConfig config, Optional<AddressLimit> limit, InetAddress remote) {
        this.config = config;
        this.limit = limit;
        this.remoteText = remote.getHostAddress();
        this.awaitsHeader = AddressBlock.anyContains(config.proxyProtocol(), remote);
        this.source = remote;
        this.sourceText = remoteText.getBytes(StandardCharsets.US_ASCII);
        this.forwards = AddressBlock.anyContains(config.forwarded(), remote);
        this.address = source;
        this.text = sourceText;
    }

    /** Whether the connection must begin with a PROXY header. */
    boolean awaitsHeader() {
        return awaitsHeader;
    }

    /** The header has come. */
    void proxied(Optional<InetAddress> named) {
        awaitsHeader = false;
        isProxied = true;
        if (named.isPresent()) {
            source = named.get();
            sourceText = text(source);
            forwards = AddressBlock.anyContains(config.forwarded(), source);
            forget();
        }
    }

    /** Whom the connection is of if a header has said so: its address, which goes with it to another worker; else nothing. */
    byte[] proxiedSource() {
        return isProxied ? source.getAddress() : new byte[0];
    }

    /** Counts the connection as one more of its address; false if that has as many as it may. */
    boolean enter() {
        if (limit.isEmpty() || forwards) {
            return true;
        }
        place = limit.get().enter(source);
        return place != AddressLimit.REFUSED;
    }

    /** Counts it as one less, if it was counted. */
    void leave() {
        if (place >= 0) {
            limit.orElseThrow().leave(place);
            place = AddressLimit.UNCOUNTED;
        }
    }

    /** A request was read: finds out whom it is of. */
    void identify(Request request) {
        if (!forwards) {
            return;
        }
        forget();
        var field = switch (config.forwarding()) {
            case X_FORWARDED_FOR -> Field.X_FORWARDED_FOR;
            case FORWARDED -> Field.FORWARDED;
        };
        if (request.has(field)) {
            address = config.forwarding().client(request.value(field), config.forwarded(), source);
            text = text(address);
        }
    }

    /** What comes is no request that could be of somebody else. */
    void forget() {
        address = source;
        text = sourceText;
    }

    InetAddress address() {
        return address;
    }

    /** The address as the log writes it. */
    byte[] text() {
        return text;
    }

    /** The peer's. */
    String remoteText() {
        return remoteText;
    }

    private static byte[] text(InetAddress address) {
        return address.getHostAddress().getBytes(StandardCharsets.US_ASCII);
    }
}
