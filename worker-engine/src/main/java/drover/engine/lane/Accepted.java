package drover.engine.lane;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * What the master says of a connection it accepted.
 *
 * @param sequence the connection's number, counted by the master from 1
 * @param acceptedAtNanos nanoseconds since the epoch
 */
public record Accepted(long sequence, long acceptedAtNanos, InetSocketAddress peer) {

    static InetSocketAddress peer(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + address.length + " bytes", impossible);
        }
    }
}
