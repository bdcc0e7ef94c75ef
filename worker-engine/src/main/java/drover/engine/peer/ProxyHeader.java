package drover.engine.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the PROXY protocol's header, versions 1 and 2, by which a proxy says whom it speaks for before the client's first
 * byte (HAProxy, proxy-protocol.txt §2). Keeps nothing between two looks: a header that is not complete is looked at again
 * from its start when more has come, which its bounds keep cheap.
 *
 * <pre>
 *   version 1, at most 107 bytes      PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 CR LF
 *
 *   version 2        0   12  CR LF CR LF NUL CR LF QUIT LF
 *                   12    1  version 2, command: 0 the proxy's own connection, 1 a client's
 *                   13    1  family: 0 not said, 1 IPv4, 2 IPv6, 3 UNIX; transport: 0 not said, 1 stream, 2 datagram
 *                   14    2  length of what follows, big endian
 *                   16       source address, destination address, their ports, then TLVs, which are passed over
 * </pre>
 */
public final class ProxyHeader {

    private static final int MAX_V1 = 107;
    /** With TLVs; the same bound as nginx has. */
    private static final int MAX_V2 = 4096;

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int V2_HEAD = 16;

    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    private ProxyHeader() {}

    /** What the bytes are. */
    public sealed interface Parsing {

        /** They begin like a header; more must come. */
        record NeedMore() implements Parsing {}

        /** They are no header, whatever comes. */
        record Malformed(String why) implements Parsing {}

        /**
         * They are one, up to {@code end}, where the client's bytes begin.
         *
         * @param source the client's address; none if the proxy speaks for itself, or for somebody without an IP address
         */
        record Complete(int end, Optional<InetAddress> source) implements Parsing {}
    }

    /** Reads the header that begins at {@code start}. */
    public static Parsing parse(byte[] bytes, int start, int end) {
        if (begins(bytes, start, end, V1)) {
            return v1(bytes, start, end);
        }
        if (begins(bytes, start, end, V2)) {
            return v2(bytes, start, end);
        }
        return new Parsing.Malformed("no PROXY header");
    }

    /** Whether as much of a signature as can be there is there. */
    private static boolean begins(byte[] bytes, int start, int end, byte[] signature) {
        int length = Math.min(end - start, signature.length);
        return Arrays.equals(bytes, start, start + length, signature, 0, length);
    }

    // ---- version 1

    private static Parsing v1(byte[] bytes, int start, int end) {
        int most = Math.min(end, start + MAX_V1);
        int at = start;
        while (at < most && bytes[at] != '\r' && bytes[at] != '\n') {
            at++;
        }
        if (at + 1 >= most) {
            return most == end && end < start + MAX_V1
                    ? new Parsing.NeedMore()
                    : new Parsing.Malformed("a PROXY line longer than 107 bytes");
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            return new Parsing.Malformed("a PROXY line that does not end in CR LF");
        }
        var words = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1).split(" ", -1);
        int next = at + 2;
        return switch (words[1]) {
            case "UNKNOWN" -> new Parsing.Complete(next, Optional.empty());
            case "TCP4" -> v1(words, AddressText::v4, next);
            case "TCP6" -> v1(words, AddressText::v6, next);
            default -> new Parsing.Malformed("a PROXY line of neither TCP4, TCP6 nor UNKNOWN");
        };
    }

    private interface AddressReader {
        Optional<InetAddress> read(String text);
    }

    private static Parsing v1(String[] words, AddressReader reader, int next) {
        if (words.length == 6 && reader.read(words[3]).isPresent() && isPort(words[4]) && isPort(words[5])) {
            var source = reader.read(words[2]);
            if (source.isPresent()) {
                return new Parsing.Complete(next, source);
            }
        }
        return new Parsing.Malformed("a PROXY line without two addresses and two ports");
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9]\\d{0,4}") && Integer.parseInt(text) <= 0xffff;
    }

    // ---- version 2

    private static Parsing v2(byte[] bytes, int start, int end) {
        if (end - start < V2_HEAD) {
            return new Parsing.NeedMore();
        }
        int version = (bytes[start + 12] & 0xff) >> 4;
        int command = bytes[start + 12] & 0xf;
        int transport = bytes[start + 13] & 0xff;
        int length = (bytes[start + 14] & 0xff) << 8 | (bytes[start + 15] & 0xff);
        if (version != 2 || command > PROXY) {
            return new Parsing.Malformed("a PROXY header of an unknown version or command");
        }
        if (V2_HEAD + length > MAX_V2) {
            return new Parsing.Malformed("a PROXY header longer than " + MAX_V2 + " bytes");
        }
        if (command == PROXY && length < addressBytes(transport)) {
            return new Parsing.Malformed("a PROXY header without its addresses, or of an unknown family");
        }
        int next = start + V2_HEAD + length;
        if (next > end) {
            return new Parsing.NeedMore();
        }
        return new Parsing.Complete(
                next, command == LOCAL ? Optional.empty() : source(bytes, start + V2_HEAD, transport));
    }

    /** How many bytes both addresses and ports take; more than there can be for what the protocol does not know. */
    private static int addressBytes(int transport) {
        if ((transport & 0xf) > 2) {
            return MAX_V2;
        }
        return switch (transport >> 4) {
            case 0 -> 0;
            case 1 -> 4 + 4 + 2 + 2;
            case 2 -> 16 + 16 + 2 + 2;
            case 3 -> 108 + 108;
            default -> MAX_V2;
        };
    }

    private static Optional<InetAddress> source(byte[] bytes, int at, int transport) {
        return switch (transport) {
            case TCP4 -> Optional.of(address(Arrays.copyOfRange(bytes, at, at + 4)));
            case TCP6 -> Optional.of(address(Arrays.copyOfRange(bytes, at, at + 16)));
            default -> Optional.empty();
        };
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + octets.length + " bytes", impossible);
        }
    }
}
