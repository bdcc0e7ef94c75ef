package drover.admin.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningTest {

    @Test
    void what_is_missing_is_opened_and_what_is_surplus_closed() {
        var wanted = List.of("127.0.0.1:80", "[::1]:80");
        var actual = List.of("127.0.0.1:80", "127.0.0.1:81");

        assertThat(Listening.missing(wanted, actual)).containsExactly("[::1]:80");
        assertThat(Listening.surplus(wanted, actual)).containsExactly("127.0.0.1:81");
        assertThat(Listening.match(wanted, actual)).isFalse();
    }

    @Test
    void a_port_that_the_kernel_was_to_choose_is_any_of_the_same_host() {
        assertThat(Listening.match(List.of("127.0.0.1:0"), List.of("127.0.0.1:41234")))
                .isTrue();
        assertThat(Listening.match(List.of("127.0.0.2:0"), List.of("127.0.0.1:41234")))
                .isFalse();
    }

    @Test
    void an_address_may_be_written_in_several_ways() {
        assertThat(Listening.match(List.of("[0:0:0:0:0:0:0:1]:0080"), List.of("[::1]:80")))
                .isTrue();
    }
}
