package drover.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTest {

    private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.1");
    private static final List<AddressBlock> TRUSTED =
            List.of(AddressBlock.of("10.0.0.0/8"), AddressBlock.of("2001:db8:1::/48"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.5                                | 203.0.113.5
            203.0.113.5, 10.0.0.2                      | 203.0.113.5
            198.51.100.1, 203.0.113.5, 10.0.0.2        | 203.0.113.5
            203.0.113.5,10.0.0.3 ,, 10.0.0.2,          | 203.0.113.5
            203.0.113.5, 2001:db8:1::7                 | 203.0.113.5
            10.0.0.9, 10.0.0.2                         | 10.0.0.9
            203.0.113.5:4711                           | 203.0.113.5
            [2001:db8::5]:4711                         | 2001:db8::5
            [2001:db8::5]                              | 2001:db8::5
            2001:db8::5                                | 2001:db8::5
            ::ffff:203.0.113.5                         | 203.0.113.5
            203.0.113.5, unknown                       | 10.0.0.1
            203.0.113.5, unknown, 10.0.0.2             | 10.0.0.2
            203.0.113.5, 010.0.0.2                     | 10.0.0.1
            203.0.113.5, 10.0.0.2:x                    | 10.0.0.1
            203.0.113.5, fe80::1%eth0                  | 10.0.0.1
            localhost                                  | 10.0.0.1
            ,                                          | 10.0.0.1
            """)
    void x_forwarded_for_is_walked_from_the_right_while_who_wrote_it_is_trusted(String value, String client) {
        assertThat(Forwarding.X_FORWARDED_FOR.client(value, TRUSTED, PEER)).isEqualTo(InetAddress.ofLiteral(client));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            for=203.0.113.5                                        | 203.0.113.5
            For="203.0.113.5:80";proto=https;by=10.0.0.1           | 203.0.113.5
            by=10.0.0.1; for="[2001:db8::5]:4711"                  | 2001:db8::5
            for="[2001:db8::5]", for=10.0.0.2                      | 2001:db8::5
            for=198.51.100.1, for=203.0.113.5, for=10.0.0.2        | 203.0.113.5
            host="a,b;for=198.51.100.1\\"";for=203.0.113.5         | 203.0.113.5
            for=203.0.113.5, for=unknown                           | 10.0.0.1
            for=203.0.113.5, for=_hidden, for=10.0.0.2             | 10.0.0.2
            for=203.0.113.5, proto=http                            | 10.0.0.1
            for=203.0.113.5;for=198.51.100.1                       | 10.0.0.1
            for=203.0.113.5, host="open                            | 10.0.0.1
            203.0.113.5                                            | 10.0.0.1
            """)
    void forwarded_is_walked_likewise(String value, String client) {
        assertThat(Forwarding.FORWARDED.client(value, TRUSTED, PEER)).isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void of_a_peer_that_is_not_trusted_nothing_is_believed() {
        var stranger = InetAddress.ofLiteral("203.0.113.9");

        assertThat(Forwarding.X_FORWARDED_FOR.client("198.51.100.1", TRUSTED, stranger))
                .isEqualTo(stranger);
    }

    @Test
    void whatever_is_written_has_an_answer() {
        var random = new Random(1);
        var alphabet = "for=\"10.0.0.2\", ;\\[:]x%\t\u00ff";
        for (int round = 0; round < 100_000; round++) {
            var value = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (var forwarding : Forwarding.values()) {
                assertThat(forwarding.client(value.toString(), TRUSTED, PEER)).isNotNull();
            }
        }
    }
}
