package drover.engine.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import drover.engine.peer.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.0/24, ::ffff:192.0.2.1, true",
    })
    void a_block_contains_the_addresses_with_its_bits(String block, String address, boolean contained) {
        assertThat(AddressBlock.of(block).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @Test
    void a_denied_client_is_refused_even_if_allowed_and_with_allow_all_others() {
        var access = new Access(List.of(AddressBlock.of("192.0.2.0/24")), List.of(AddressBlock.of("192.0.2.7")), false);

        assertThat(access.refuses(InetAddress.ofLiteral("192.0.2.1"))).isFalse();
        assertThat(access.refuses(InetAddress.ofLiteral("192.0.2.7"))).isTrue();
        assertThat(access.refuses(InetAddress.ofLiteral("203.0.113.1"))).isTrue();
        assertThat(Access.OPEN.refuses(InetAddress.ofLiteral("203.0.113.1"))).isFalse();
    }
}
