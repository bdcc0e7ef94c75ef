package drover.engine.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.peer.ProxyHeader.Parsing;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HAProxy's proxy-protocol.txt, §2.1 and §2.2. */
class ProxyHeaderTest {

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);

    static Stream<byte[]> whole() {
        return Stream.of(
                v1("PROXY TCP4 203.0.113.5 192.0.2.1 56324 443"),
                v1("PROXY TCP6 2001:db8::5 2001:db8::1 56324 443"),
                v1("PROXY UNKNOWN"),
                v1("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"),
                v2(0x21, 0x11, addresses(12)),
                v2(0x21, 0x21, addresses(36 + 100)),
                v2(0x20, 0x00, addresses(0)),
                v2(0x21, 0x31, addresses(216)));
    }

    @ParameterizedTest
    @MethodSource("whole")
    void a_header_is_whole_with_its_last_byte_and_not_before(byte[] header) {
        var followed = Arrays.copyOf(header, header.length + 20);

        for (int end = 0; end < header.length; end++) {
            assertThat(ProxyHeader.parse(header, 0, end)).isInstanceOf(Parsing.NeedMore.class);
        }
        assertThat(ProxyHeader.parse(followed, 0, followed.length))
                .isInstanceOfSatisfying(
                        Parsing.Complete.class,
                        complete -> assertThat(complete.end()).isEqualTo(header.length));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.5 192.0.2.1 56324 443, 203.0.113.5",
        "PROXY TCP4 255.255.255.255 0.0.0.0 0 65535, 255.255.255.255",
        "PROXY TCP6 2001:db8::5 ::1 1 2, 2001:db8::5",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
                + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    })
    void version_1_names_the_source(String line, String source) {
        assertThat(source(v1(line))).contains(InetAddress.ofLiteral(source));
    }

    @Test
    void version_2_names_the_source_of_tcp_and_passes_over_what_follows() {
        assertThat(source(v2(0x21, 0x11, addresses(12)))).contains(InetAddress.ofLiteral("1.2.3.4"));
        assertThat(source(v2(0x21, 0x11, addresses(500)))).contains(InetAddress.ofLiteral("1.2.3.4"));
        assertThat(source(v2(0x21, 0x21, addresses(36))))
                .contains(InetAddress.ofLiteral("102:304:506:708:90a:b0c:d0e:f10"));
    }

    @Test
    void the_proxys_own_connection_and_what_is_not_tcp_name_nobody() {
        assertThat(source(v1("PROXY UNKNOWN 1 2 3"))).isEmpty();
        assertThat(source(v2(0x20, 0x11, addresses(12)))).isEmpty(); // LOCAL
        assertThat(source(v2(0x21, 0x00, addresses(12)))).isEmpty(); // UNSPEC
        assertThat(source(v2(0x21, 0x12, addresses(12)))).isEmpty(); // UDP
        assertThat(source(v2(0x21, 0x31, addresses(216)))).isEmpty(); // UNIX
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "PROXZ TCP4 1.2.3.4 1.2.3.4 1 1",
                "PROXY  TCP4 1.2.3.4 1.2.3.4 1 1",
                "PROXY tcp4 1.2.3.4 1.2.3.4 1 1",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 ",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01 1",
                "PROXY TCP4 1.2.3.04 1.2.3.4 1 1",
                "PROXY TCP4 1.2.3.256 1.2.3.4 1 1",
                "PROXY TCP4 1.2.3 1.2.3.4 1 1",
                "PROXY TCP4 ::1 ::1 1 1",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 1",
                "PROXY TCP6 fe80::1%lo ::1 1 1",
                "PROXY TCP6 ::g ::1 1 1",
                "PROXY TCP4 localhost 1.2.3.4 1 1",
                "PROXY TCP4 1.2.3.4\n1.2.3.4 1 1",
                "PROXY TCP4 1.2.3.4\r1.2.3.4 1 1",
            })
    void another_line_is_malformed(String line) {
        assertThat(parse(v1(line))).isInstanceOf(Parsing.Malformed.class);
    }

    @Test
    void version_1_is_bounded_by_107_bytes() {
        var longest = "PROXY UNKNOWN " + "x".repeat(107 - 14 - 2);

        assertThat(parse(v1(longest))).isInstanceOf(Parsing.Complete.class);
        assertThat(parse(v1(longest + "x"))).isInstanceOf(Parsing.Malformed.class);
        assertThat(parse((longest + "xx").getBytes(ISO_8859_1))).isInstanceOf(Parsing.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0x11, 0x11, 12", // version
        "0x22, 0x11, 12", // command
        "0x21, 0x11, 11", // no room for the addresses
        "0x21, 0x21, 35",
        "0x21, 0x31, 215",
        "0x21, 0x41, 216", // family
        "0x21, 0x13, 216", // transport
        "0x21, 0x11, 4081", // longer than the bound
    })
    void another_version_2_is_malformed(String command, String transport, int length) {
        var header = v2(Integer.decode(command), Integer.decode(transport), addresses(length));

        assertThat(parse(header)).isInstanceOf(Parsing.Malformed.class);
    }

    @Test
    void whatever_comes_has_an_answer_within_the_bounds() {
        var random = new Random(1);
        var seeds = whole().toList();
        for (int round = 0; round < 200_000; round++) {
            var seed = seeds.get(random.nextInt(seeds.size()));
            var bytes = Arrays.copyOf(seed, random.nextInt(seed.length + 40));
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }

            switch (parse(bytes)) {
                case Parsing.NeedMore _ -> assertThat(bytes.length).isLessThan(4096);
                case Parsing.Malformed(String why) -> assertThat(why).contains("PROXY");
                case Parsing.Complete(int end, Optional<InetAddress> _) ->
                    assertThat(end).isBetween(8, bytes.length);
            }
        }
    }

    private static Optional<InetAddress> source(byte[] header) {
        return switch (parse(header)) {
            case Parsing.Complete(int _, Optional<InetAddress> source) -> source;
            case Parsing.NeedMore _, Parsing.Malformed _ -> throw new AssertionError("no whole header");
        };
    }

    private static Parsing parse(byte[] bytes) {
        return ProxyHeader.parse(bytes, 0, bytes.length);
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(ISO_8859_1);
    }

    private static byte[] v2(int command, int transport, byte[] rest) {
        var header = new ByteArrayOutputStream();
        header.writeBytes(SIGNATURE);
        header.write(command);
        header.write(transport);
        header.write(rest.length >> 8);
        header.write(rest.length);
        header.writeBytes(rest);
        return header.toByteArray();
    }

    /** 1, 2, 3 and so on. */
    private static byte[] addresses(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }
}
